package io.sallyport.api.identity;

import io.sallyport.api.arm.Reply;
import io.sallyport.api.web.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** A login that is refused, in the words of OAuth (RFC 6749 section 5.2). */
final class OauthRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    OauthRefusal(int status, String error, String description) {
        super(description, null, false, false);
        this.status = status;
        this.error = error;
    }

    Reply reply() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json; charset=utf-8");
        headers.put("Cache-Control", "no-store");
        if (status == 429 || status == 503) {
            headers.put("Retry-After", "30");
        }
        return new Reply.Other(
                status,
                headers,
                Json.write(Json.object().put("error", error).put("error_description", String.valueOf(getMessage()))));
    }
}
