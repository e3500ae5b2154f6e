package io.sallyport.api.web;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Paths and queries, taken apart. Both come from the network. */
public final class Paths {
    private static final int LENGTH_MAX = 8192;
    private static final int SEGMENTS_MAX = 40;
    private static final int PARAMETERS_MAX = 64;

    private Paths() {}

    /**
     * The decoded segments of a raw path; a slash at the end is ignored.
     *
     * @throws Refused with status 400 when it is malformed: a segment is empty, dots only, or hides a slash
     */
    public static List<String> segments(String path) throws Refused {
        if (path.length() > LENGTH_MAX || !path.startsWith("/")) {
            throw bad("the path is longer than " + LENGTH_MAX + " characters or begins with no slash");
        }
        List<String> segments = new ArrayList<>();
        String inner = path.endsWith("/") ? path.substring(1, Math.max(1, path.length() - 1)) : path.substring(1);
        if (inner.isEmpty()) {
            return segments;
        }
        for (String raw : inner.split("/", -1)) {
            String segment = decode(raw);
            boolean dots = segment.equals(".") || segment.equals("..");
            if (segment.isEmpty()
                    || dots
                    || segment.chars().anyMatch(c -> c == '/' || c == '\\' || c < ' ' || c == 127)) {
                throw bad("the path has a segment that names nothing");
            }
            segments.add(segment);
            if (segments.size() > SEGMENTS_MAX) {
                throw bad("the path has more than " + SEGMENTS_MAX + " segments");
            }
        }
        return segments;
    }

    /** Names in lower case; of a name given twice the first counts. */
    public static Map<String, String> query(String query) throws Refused {
        Map<String, String> parameters = new TreeMap<>();
        if (query.isEmpty()) {
            return parameters;
        }
        String[] parts = query.split("&", -1);
        if (query.length() > LENGTH_MAX || parts.length > PARAMETERS_MAX) {
            throw bad("the query is longer than " + LENGTH_MAX + " characters or has more than " + PARAMETERS_MAX
                    + " parameters");
        }
        for (String part : parts) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            if (!name.isEmpty()) {
                parameters.putIfAbsent(form(name).toLowerCase(Locale.ROOT), form(value));
            }
        }
        return parameters;
    }

    /** Encodes what stands in a query. */
    public static String encode(String value) {
        return java.net.URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String form(String raw) throws Refused {
        return decode(raw.replace('+', ' '));
    }

    private static String decode(String raw) throws Refused {
        byte[] octets;
        try {
            octets = URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
                    .getBytes(StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw bad("a percent sign in the address is not followed by two hexadecimal digits");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw bad("the address is not UTF-8");
        }
    }

    private static Refused bad(String message) {
        return new Refused(ArmError.of(400, "InvalidRequestUri", message));
    }
}
