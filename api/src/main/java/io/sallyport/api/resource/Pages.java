package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Paths;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists in pages: {@code $top} bounds one, {@code $skiptoken} says after which key the next begins. */
final class Pages {
    static final int SIZE_MAX = 1000;

    private Pages() {}

    /** What {@code show} makes of the entries, without those of which it makes nothing. */
    static <T> ObjectNode of(Call call, NavigableMap<String, T> all, Function<T, Optional<ObjectNode>> show)
            throws Refused {
        int size = top(call);
        Optional<String> after = after(call);
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        String last = "";
        for (Map.Entry<String, T> entry :
                after.map(a -> all.tailMap(a, false)).orElse(all).entrySet()) {
            Optional<ObjectNode> shown = show.apply(entry.getValue());
            if (shown.isPresent() && value.size() == size) {
                page.put("nextLink", next(call, last));
                break;
            }
            shown.ifPresent(value::add);
            last = entry.getKey();
        }
        return page;
    }

    private static int top(Call call) throws Refused {
        Optional<String> given = call.parameter("$top");
        if (given.isEmpty()) {
            return SIZE_MAX;
        }
        try {
            int top = Integer.parseInt(given.get());
            if (top > 0) {
                return Math.min(top, SIZE_MAX);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Refused(ArmError.of(
                400, "InvalidQueryParameterValue", "found $top=" + given.get() + "; allowed: a number from 1", "$top"));
    }

    private static Optional<String> after(Call call) throws Refused {
        Optional<String> token = call.parameter("$skiptoken");
        if (token.isEmpty()) {
            return token;
        }
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(token.get()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new Refused(ArmError.of(
                    400,
                    "InvalidQueryParameterValue",
                    "this $skiptoken was not given out here; follow nextLink as it is",
                    "$skiptoken"));
        }
    }

    private static String next(Call call, String last) {
        StringBuilder link =
                new StringBuilder(call.base()).append(call.request().path()).append('?');
        call.query().forEach((name, value) -> {
            if (!name.equals("$skiptoken")) {
                link.append(name).append('=').append(Paths.encode(value)).append('&');
            }
        });
        return link.append("$skiptoken=")
                .append(Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(StandardCharsets.UTF_8)))
                .toString();
    }
}
