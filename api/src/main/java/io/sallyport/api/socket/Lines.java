package io.sallyport.api.socket;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.web.Answer;
import io.sallyport.api.web.Errors;
import io.sallyport.api.web.Front;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Peer;
import io.sallyport.api.web.Request;
import io.sallyport.base.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests and answers as lines: {@code {"method","path","headers","body"}} and
 * {@code {"status","headers","body"}}. A body that is no JSON, as its Content-Type says, is a text in base64.
 */
final class Lines {
    private static final long FILE_MAX = 256L * 1024 * 1024;

    private final Front front;

    Lines(Front front) {
        this.front = front;
    }

    byte[] answer(byte[] line) {
        try {
            return write(front.answer(read(Json.read(Bytes.wrap(line))))).toArray();
        } catch (Refused e) {
            ObjectNode out = Json.object();
            out.put("status", e.error().status()).putObject("headers");
            out.set("body", Errors.body(e.error()));
            return Json.write(out).toArray();
        }
    }

    private static Request read(JsonNode asked) throws Refused {
        String method = asked.path("method").asString("").toUpperCase(Locale.ROOT);
        String address = asked.path("path").asString("");
        if (method.isEmpty() || !address.startsWith("/")) {
            throw new Refused(ArmError.of(
                    400,
                    "InvalidRequestContent",
                    "a line is {\"method\": …, \"path\": \"/…\", \"headers\": …, \"body\": …}"));
        }
        Map<String, String> headers = new HashMap<>();
        asked.path("headers")
                .properties()
                .forEach(h -> headers.put(
                        h.getKey().toLowerCase(Locale.ROOT), h.getValue().asString("")));
        int question = address.indexOf('?');
        JsonNode body = asked.path("body");
        return new Request(
                method,
                question < 0 ? address : address.substring(0, question),
                question < 0 ? "" : address.substring(question + 1),
                headers,
                body.isMissingNode() || body.isNull() ? Bytes.EMPTY : Json.write(body),
                new Peer.Local());
    }

    private static byte[] octets(Path file) throws Refused {
        try {
            if (Files.size(file) <= FILE_MAX) {
                return Files.readAllBytes(file);
            }
        } catch (IOException e) {
            throw new Refused(ArmError.of(500, "InternalServerError", file + ": cannot be read: " + e.getMessage()));
        }
        throw new Refused(ArmError.of(
                413, "ResponseTooLarge", file + ": longer than what goes over this socket; copy the file itself"));
    }

    private static Bytes write(Answer answer) throws Refused {
        ObjectNode out = Json.object();
        out.put("status", answer.status());
        ObjectNode headers = out.putObject("headers");
        answer.headers().forEach(headers::put);
        boolean isJson = answer.header("Content-Type").orElse("").startsWith("application/json");
        if (answer.file().isPresent()) {
            out.put(
                    "body",
                    Base64.getEncoder().encodeToString(octets(answer.file().get())));
        } else if (answer.body().isEmpty()) {
            out.putNull("body");
        } else if (isJson) {
            out.set("body", Json.read(answer.body()));
        } else {
            out.put("body", Base64.getEncoder().encodeToString(answer.body().toArray()));
        }
        return Json.write(out);
    }
}
