package io.sallyport.api.http;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.web.Answer;
import io.sallyport.api.web.Errors;
import io.sallyport.api.web.Front;
import io.sallyport.api.web.Json;
import io.sallyport.api.web.Peer;
import io.sallyport.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between Jetty's requests and our own. */
final class FrontHandler extends Handler.Abstract {
    static final int BODY_MAX = 4 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(FrontHandler.class);
    private static final int PART = 16 * 1024;

    private final Front front;

    FrontHandler(Front front) {
        this.front = front;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Answer answer;
        try {
            Optional<Bytes> body = body(request);
            if (body.isPresent()) {
                answer = front.answer(ours(request, body.get()));
            } else {
                answer = refused(
                        413,
                        "RequestEntityTooLarge",
                        "a request may have " + BODY_MAX / (1024 * 1024) + " MiB; this one has more");
                response.getHeaders().put("Connection", "close");
            }
        } catch (IOException e) {
            LOG.debug("a body did not arrive: {}", e.getMessage());
            answer = refused(408, "RequestTimeout", "the rest of the body did not arrive");
            response.getHeaders().put("Connection", "close");
        }
        send(answer, request, response, callback);
        return true;
    }

    /** Nothing when it is longer than what is read at all. */
    private static Optional<Bytes> body(Request request) throws IOException {
        if (request.getLength() > BODY_MAX) {
            return Optional.empty();
        }
        if (request.getLength() == 0) {
            return Optional.of(Bytes.EMPTY);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[PART];
        // Not closed: that would wait for the rest.
        InputStream in = Content.Source.asInputStream(request);
        for (int read = in.read(part); read >= 0; read = in.read(part)) {
            all.write(part, 0, read);
            if (all.size() > BODY_MAX) {
                return Optional.empty();
            }
        }
        return Optional.of(Bytes.wrap(all.toByteArray()));
    }

    private static Answer refused(int status, String code, String message) {
        return new Answer(
                status,
                Map.of("Content-Type", "application/json; charset=utf-8"),
                Json.write(Errors.body(ArmError.of(status, code, message))));
    }

    private static io.sallyport.api.web.Request ours(Request request, Bytes body) {
        Map<String, String> headers = new HashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.putIfAbsent(field.getName().toLowerCase(Locale.ROOT), String.valueOf(field.getValue()));
        }
        String authority = String.valueOf(request.getHttpURI().getAuthority());
        if (!authority.equals("null")) {
            headers.putIfAbsent("host", authority);
        }
        String path = request.getHttpURI().getPath();
        String query = request.getHttpURI().getQuery();
        return new io.sallyport.api.web.Request(
                request.getMethod(),
                path == null ? "/" : path,
                query == null ? "" : query,
                headers,
                body,
                new Peer.Network(Request.getRemoteAddr(request)));
    }

    private static void send(Answer answer, Request request, Response response, Callback callback) {
        response.setStatus(answer.status());
        answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        boolean isHead = request.getMethod().equals("HEAD");
        if (answer.file().isPresent() && !isHead) {
            Content.copy(Content.Source.from(answer.file().get()), response, callback);
            return;
        }
        byte[] octets = answer.body().toArray();
        response.write(true, isHead ? ByteBuffer.allocate(0) : ByteBuffer.wrap(octets), callback);
    }
}
