package io.sallyport.api.deployment.expression;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Functions of texts. */
final class TextFunctions {
    private static final int MANY = Integer.MAX_VALUE;
    /** The name space of Azure's guid(), so that a template makes the same ids here as there. */
    private static final UUID GUID_SPACE = UUID.fromString("11fb06fb-712d-4ddd-98c7-e71bbd588830");

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int UNIQUE_LENGTH = 13;
    private static final int PAD_MAX = 8_192;

    private TextFunctions() {}

    static List<Function> all() {
        return List.of(
                new Function("format", 1, MANY, TextFunctions::format),
                new Function("toLower", 1, 1, a -> Arguments.ofText(a.text(0).toLowerCase(Locale.ROOT))),
                new Function("toUpper", 1, 1, a -> Arguments.ofText(a.text(0).toUpperCase(Locale.ROOT))),
                new Function("trim", 1, 1, a -> Arguments.ofText(a.text(0).strip())),
                new Function("substring", 2, 3, TextFunctions::substring),
                new Function("replace", 3, 3, a -> Arguments.ofText(a.text(0).replace(a.text(1), a.text(2)))),
                new Function("split", 2, 2, TextFunctions::split),
                new Function("startsWith", 2, 2, a -> Arguments.ofFlag(starts(a.text(0), a.text(1)))),
                new Function("endsWith", 2, 2, a -> Arguments.ofFlag(starts(reverse(a.text(0)), reverse(a.text(1))))),
                new Function("indexOf", 2, 2, TextFunctions::indexOf),
                new Function("lastIndexOf", 2, 2, TextFunctions::lastIndexOf),
                new Function("padLeft", 2, 3, TextFunctions::padLeft),
                new Function(
                        "string",
                        1,
                        1,
                        a -> Arguments.ofText(
                                a.at(0).isString() ? a.text(0) : a.at(0).isNull() ? "null" : Arguments.plain(a.at(0)))),
                new Function("base64", 1, 1, a -> Arguments.ofText(encode(a.text(0)))),
                new Function("base64ToString", 1, 1, a -> Arguments.ofText(decode(a))),
                new Function("base64ToJson", 1, 1, a -> json(decode(a))),
                new Function("json", 1, 1, a -> json(a.text(0))),
                new Function("uri", 2, 2, TextFunctions::uri),
                new Function(
                        "uriComponent",
                        1,
                        1,
                        a -> Arguments.ofText(URLEncoder.encode(a.text(0), StandardCharsets.UTF_8)
                                .replace("+", "%20"))),
                new Function("uriComponentToString", 1, 1, TextFunctions::decodeUri),
                new Function("uniqueString", 1, MANY, TextFunctions::unique),
                new Function("guid", 1, MANY, TextFunctions::guid));
    }

    /** Digits in braces stand for the arguments after the format, from 0; two braces for one. */
    private static JsonNode format(Arguments a) {
        String pattern = a.text(0);
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            if ((c == '{' || c == '}') && i + 1 < pattern.length() && pattern.charAt(i + 1) == c) {
                out.append(c);
                i += 2;
            } else if (c == '{') {
                int end = pattern.indexOf('}', i);
                String inner = end < 0 ? "" : pattern.substring(i + 1, end);
                if (!inner.matches("[0-9]{1,3}(:.*)?")) {
                    throw new TemplateFault("found a wrong placeholder in format(); allowed: {0}, {1}, …");
                }
                int colon = inner.indexOf(':');
                int index = Integer.parseInt(colon < 0 ? inner : inner.substring(0, colon));
                if (index + 1 >= a.size()) {
                    throw new TemplateFault("found {" + index + "} in format() with " + (a.size() - 1) + " values");
                }
                out.append(styled(a.at(index + 1), colon < 0 ? "" : inner.substring(colon + 1)));
                i = end + 1;
            } else {
                out.append(c);
                i++;
            }
        }
        return Arguments.ofText(out.toString());
    }

    /** A width may be asked for, as D3 or 000. */
    private static String styled(JsonNode value, String style) {
        if (style.isEmpty()) {
            return Arguments.plain(value);
        }
        int width = style.matches("0{1,9}") ? style.length() : style.matches("[dD][0-9]") ? style.charAt(1) - '0' : -1;
        if (width < 0 || !value.isIntegralNumber()) {
            throw new TemplateFault(
                    "NotSupported", "format() supports the styles D1 to D9 and 0, 00, … for whole numbers");
        }
        String digits = String.valueOf(Math.abs(value.asLong()));
        return (value.asLong() < 0 ? "-" : "") + "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    private static JsonNode substring(Arguments a) {
        String text = a.text(0);
        int begin = a.count(1, text.length());
        int length = a.size() > 2 ? a.count(2, text.length() - begin) : text.length() - begin;
        return Arguments.ofText(text.substring(begin, begin + length));
    }

    private static JsonNode split(Arguments a) {
        List<String> separators = new ArrayList<>();
        if (a.at(1).isArray()) {
            a.list(1).forEach(s -> separators.add(Pattern.quote(Arguments.plain(s))));
        } else {
            separators.add(Pattern.quote(a.text(1)));
        }
        ArrayNode out = Arguments.JSON.createArrayNode();
        for (String part : a.text(0).split(String.join("|", separators), -1)) {
            out.add(part);
        }
        return out;
    }

    private static boolean starts(String text, String with) {
        return text.regionMatches(true, 0, with, 0, with.length());
    }

    private static String reverse(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    private static JsonNode indexOf(Arguments a) {
        if (a.at(0).isArray()) {
            return Arguments.ofNumber(a.list(0).indexOf(a.at(1)));
        }
        return Arguments.ofNumber(
                a.text(0).toLowerCase(Locale.ROOT).indexOf(a.text(1).toLowerCase(Locale.ROOT)));
    }

    private static JsonNode lastIndexOf(Arguments a) {
        if (a.at(0).isArray()) {
            return Arguments.ofNumber(a.list(0).lastIndexOf(a.at(1)));
        }
        return Arguments.ofNumber(
                a.text(0).toLowerCase(Locale.ROOT).lastIndexOf(a.text(1).toLowerCase(Locale.ROOT)));
    }

    private static JsonNode padLeft(Arguments a) {
        String text = a.anyText(0);
        String pad = a.size() > 2 ? a.text(2) : " ";
        if (pad.length() != 1) {
            throw a.wrong(2, "one character");
        }
        return Arguments.ofText(pad.repeat(Math.max(0, a.count(1, PAD_MAX) - text.length())) + text);
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(Arguments a) {
        try {
            return new String(Base64.getDecoder().decode(a.text(0)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw a.wrong(0, "base64");
        }
    }

    private static JsonNode json(String text) {
        try {
            return Arguments.JSON.readTree(text);
        } catch (tools.jackson.core.JacksonException e) {
            throw new TemplateFault("found a text as argument 1 of json() that is not JSON");
        }
    }

    private static JsonNode uri(Arguments a) {
        String base = a.text(0);
        String relative = a.text(1);
        String head = base.endsWith("/") ? base : base.substring(0, base.lastIndexOf('/') + 1);
        return Arguments.ofText(head + (relative.startsWith("/") ? relative.substring(1) : relative));
    }

    private static JsonNode decodeUri(Arguments a) {
        try {
            return Arguments.ofText(URLDecoder.decode(a.text(0).replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw a.wrong(0, "a text with %XX");
        }
    }

    /** Always the same thirteen letters and digits for the same texts; not those that Azure makes. */
    private static JsonNode unique(Arguments a) {
        byte[] hash = digest("SHA-256", joined(a).getBytes(StandardCharsets.UTF_8));
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < UNIQUE_LENGTH; i++) {
            out.append(BASE32.charAt(hash[i] & 31));
        }
        return Arguments.ofText(out.toString());
    }

    /** RFC 9562 section 5.5, of the texts joined by hyphens. */
    private static JsonNode guid(Arguments a) {
        byte[] name = joined(a).getBytes(StandardCharsets.UTF_8);
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocate(16 + name.length);
        buffer.putLong(GUID_SPACE.getMostSignificantBits())
                .putLong(GUID_SPACE.getLeastSignificantBits())
                .put(name);
        java.nio.ByteBuffer hash = java.nio.ByteBuffer.wrap(digest("SHA-1", buffer.array()));
        long high = hash.getLong() & ~0xf000L | 0x5000L;
        long low = hash.getLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return Arguments.ofText(new UUID(high, low).toString());
    }

    private static String joined(Arguments a) {
        return String.join("-", a.values().stream().map(Arguments::plain).toList());
    }

    private static byte[] digest(String algorithm, byte[] octets) {
        try {
            return MessageDigest.getInstance(algorithm).digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
