package io.sallyport.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The gateway on this very machine: whoever may open its socket owns it, and needs no login. */
final class LocalClient extends Client {
    private static final String SOCKET = "control.sock";

    private final SocketChannel channel;
    private final BufferedReader in;
    private final OutputStream out;

    private LocalClient(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        this.out = Channels.newOutputStream(channel);
    }

    static LocalClient connect(Path data) throws Refusal {
        Path socket = data.resolve(SOCKET);
        String hint = "; start it with: sallyport serve, or say where it is with --data DIR, or log in to one elsewhere"
                + " with: sallyport login https://HOST:8443";
        if (!Files.exists(socket)) {
            throw new Refusal(socket + ": no gateway serves here" + hint);
        }
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return new LocalClient(channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (AccessDeniedException e) {
            throw denied(socket);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Permission denied")) {
                throw denied(socket);
            }
            throw new Refusal(socket + ": the gateway that served here is gone" + hint);
        }
    }

    private static Refusal denied(Path socket) {
        return new Refusal(
                socket + ": only root, the user who runs the gateway and the group sallyport may talk to it; use sudo");
    }

    @Override
    Answer send(String method, String path, @Nullable JsonNode body) throws Refusal {
        ObjectNode request = JSON.createObjectNode();
        request.put("method", method);
        // Links that the gateway gives are addresses; here there is but one it can mean.
        request.put("path", path.replaceFirst("^https://[^/]+", ""));
        if (body != null) {
            request.set("body", body);
        }
        try {
            out.write((JSON.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            String line = in.readLine();
            if (line == null) {
                throw new Refusal("the gateway ended while it was asked");
            }
            JsonNode answer = JSON.readTree(line);
            Map<String, String> headers = new LinkedHashMap<>();
            answer.path("headers")
                    .properties()
                    .forEach(h -> headers.put(
                            h.getKey().toLowerCase(Locale.ROOT), h.getValue().asString("")));
            return new Answer(answer.path("status").asInt(0), headers, answer.path("body"));
        } catch (IOException | JacksonException e) {
            throw new Refusal("the gateway ended while it was asked");
        }
    }

    @Override
    public void close() throws Refusal {
        try {
            channel.close();
        } catch (IOException e) {
            throw new Refusal("the conversation did not end: " + e.getMessage());
        }
    }
}
