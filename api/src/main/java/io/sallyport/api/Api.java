package io.sallyport.api;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.identity.Guard;
import io.sallyport.api.resource.Replies;
import io.sallyport.api.web.Access;
import io.sallyport.api.web.Answer;
import io.sallyport.api.web.Call;
import io.sallyport.api.web.Caller;
import io.sallyport.api.web.Front;
import io.sallyport.api.web.Paths;
import io.sallyport.api.web.Request;
import io.sallyport.api.web.Rights;
import io.sallyport.api.web.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests: finds the route, then who asks, then whether he may, then what comes of it. */
final class Api implements Front {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final Pattern API_VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(-[A-Za-z0-9.-]{1,32})?");
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9]([A-Za-z0-9.-]{0,252}))(:[0-9]{1,5})?");
    /** What Azure does not have has no api-version either. */
    private static final Pattern OURS = Pattern.compile("/Sallyport\\.|/captures(/|$)|/(why|rekey)$");

    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

    private final Router router;
    private final Guard guard;
    private final Rights rights;
    private final Replies replies;
    private final String endpoint;

    /** {@code endpoint} is what addresses begin with for those who did not say how they called this gateway. */
    Api(Router router, Guard guard, Replies replies, String endpoint) {
        this.endpoint = endpoint;
        this.router = router;
        this.guard = guard;
        this.rights = guard.rights();
        this.replies = replies;
    }

    @Override
    public Answer answer(Request request) {
        String id = UUID.randomUUID().toString();
        Answer answer;
        try {
            answer = find(request, id);
        } catch (Refused e) {
            answer = Replies.refused(e.error(), headers(request, e.error()));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("request {} ({} {}) failed", id, request.method(), printable(request.path()), e);
            answer = Replies.refused(
                    ArmError.of(
                            500, "InternalServerError", "something went wrong here; the log tells more under " + id),
                    Map.of());
        }
        return finish(request, answer, id);
    }

    private Answer find(Request request, String id) throws Refused {
        List<String> segments = Paths.segments(request.path());
        Map<String, String> query = Paths.query(request.query());
        String base = base(request);
        Optional<Router.Match> found = router.find(request.method(), segments);
        boolean isOpen = found.isPresent() && found.get().route().access() instanceof Access.Open;
        Caller caller = isOpen ? Caller.NOBODY : guard.caller(request);
        if (found.isEmpty()) {
            throw new Refused(nothing(segments));
        }
        boolean isOurs = OURS.matcher(found.get().route().pattern()).find();
        if (!isOpen && !isOurs) {
            checkVersion(query);
        }
        Call call = new Call(request, segments, found.get().variables(), query, caller, base, id);
        demand(found.get().route().access(), call);
        return replies.answer(call, found.get().route().handler().answer(call));
    }

    private static ArmError nothing(List<String> segments) {
        for (int i = 0; i + 2 < segments.size(); i++) {
            if (segments.get(i).equalsIgnoreCase("providers")) {
                return ArmError.of(
                        404,
                        "InvalidResourceType",
                        "Sallyport has nothing at '" + segments.get(i + 1) + "/" + segments.get(i + 2) + "' like this");
            }
        }
        return ArmError.of(404, "NotFound", "there is nothing at this address");
    }

    private static void checkVersion(Map<String, String> query) throws Refused {
        String version = query.getOrDefault("api-version", "");
        if (version.isEmpty()) {
            throw new Refused(ArmError.of(
                    400, "MissingApiVersionParameter", "the query needs api-version, such as api-version=2024-05-01"));
        }
        if (!API_VERSION.matcher(version).matches()) {
            throw new Refused(ArmError.of(
                    400,
                    "InvalidApiVersionParameter",
                    "an api-version is a date, such as 2024-05-01 or 2024-05-01-preview"));
        }
    }

    private void demand(Access access, Call call) throws Refused {
        switch (access) {
            case Access.Open open -> {
                // Everybody.
            }
            case Access.SignedIn signedIn -> {
                // Whoever has an identity.
            }
            case Access.Needs needs -> demand(call, needs.action(), call.path());
            case Access.NeedsEverywhere needs -> demand(call, needs.action(), "/");
        }
    }

    private void demand(Call call, String action, String scope) throws Refused {
        if (!rights.may(call.caller(), action, scope)) {
            throw new Refused(ArmError.of(
                    403,
                    "AuthorizationFailed",
                    "'" + call.caller().name() + "' with object id '"
                            + call.caller().objectId() + "' has no role that allows '" + action + "' on '" + scope
                            + "'"));
        }
    }

    /** What absolute addresses begin with: as the client itself called this gateway. */
    private String base(Request request) throws Refused {
        Optional<String> host = request.header("Host");
        if (host.isEmpty()) {
            return endpoint;
        }
        if (!HOST.matcher(host.get()).matches()) {
            throw new Refused(ArmError.of(400, "InvalidHostHeader", "the Host header is no name and port"));
        }
        return "https://" + host.get().toLowerCase(Locale.ROOT);
    }

    private Map<String, String> headers(Request request, ArmError error) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (error.status() == 401) {
            String at = request.header("Host")
                    .filter(h -> HOST.matcher(h).matches())
                    .map(h -> "https://" + h)
                    .orElse(endpoint);
            headers.put("WWW-Authenticate", "Bearer authorization_uri=\"" + at + "/adfs\", error=\"invalid_token\"");
        }
        if (error.status() == 405) {
            headers.put("Allow", error.target());
        }
        if (error.status() == 429 || error.status() == 503) {
            headers.put("Retry-After", "5");
        }
        return headers;
    }

    private static Answer finish(Request request, Answer answer, String id) {
        Map<String, String> headers = new LinkedHashMap<>(answer.headers());
        headers.putIfAbsent("Cache-Control", "no-cache");
        headers.put("x-ms-request-id", id);
        headers.put(
                "x-ms-correlation-request-id",
                echo(request, "x-ms-correlation-request-id").orElse(id));
        headers.put("x-ms-routing-request-id", "LOCAL:" + id);
        headers.put("X-Content-Type-Options", "nosniff");
        boolean isWanted =
                request.header("x-ms-return-client-request-id").orElse("").equalsIgnoreCase("true");
        if (isWanted) {
            echo(request, "x-ms-client-request-id").ifPresent(c -> headers.put("x-ms-client-request-id", c));
        }
        boolean isWrite = !request.method().equals("GET") && !request.method().equals("HEAD");
        String kind = request.method().equals("DELETE") ? "deletes" : isWrite ? "writes" : "reads";
        headers.put("x-ms-ratelimit-remaining-subscription-" + kind, "11999");
        LOG.debug("{} {} {} {}", id, request.method(), printable(request.path()), answer.status());
        return new Answer(answer.status(), headers, answer.body(), answer.file());
    }

    private static Optional<String> echo(Request request, String name) {
        return request.header(name).filter(v -> CLIENT_ID.matcher(v).matches());
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
