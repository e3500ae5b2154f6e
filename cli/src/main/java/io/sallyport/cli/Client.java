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
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One conversation with a running gateway. */
final class Client implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SOCKET = "control.sock";

    private final SocketChannel channel;
    private final BufferedReader in;
    private final OutputStream out;

    /** Refused or failed; the lines are for a person. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(List<String> lines) {
            super(String.join("\n", lines), null, false, false);
        }

        List<String> lines() {
            return String.valueOf(getMessage()).lines().toList();
        }
    }

    private Client(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        this.out = Channels.newOutputStream(channel);
    }

    static Client connect(Path data) throws Refusal {
        Path socket = data.resolve(SOCKET);
        String hint = "; start it with: sallyport serve -f FILE, or say where it is with --data DIR";
        if (!Files.exists(socket)) {
            throw new Refusal(List.of(socket + ": no gateway serves here" + hint));
        }
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return new Client(channel);
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
            throw new Refusal(List.of(socket + ": the gateway that served here is gone" + hint));
        }
    }

    private static Refusal denied(Path socket) {
        return new Refusal(List.of(socket + ": only the user who runs the gateway may talk to it; use sudo"));
    }

    static ObjectNode request(String verb) {
        ObjectNode request = JSON.createObjectNode();
        request.put("verb", verb);
        return request;
    }

    /** Sends {@code request} and returns its answer; a refusal becomes an exception. */
    JsonNode ask(ObjectNode request) throws Refusal {
        JsonNode answer;
        try {
            out.write((JSON.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            String line = in.readLine();
            if (line == null) {
                throw new Refusal(List.of("the gateway ended while it was asked"));
            }
            answer = JSON.readTree(line);
        } catch (IOException e) {
            throw new Refusal(List.of("the gateway ended while it was asked: " + e.getMessage()));
        }
        if (!answer.path("ok").asBoolean(false)) {
            List<String> lines = new ArrayList<>();
            answer.path("errors").forEach(error -> lines.add(error.asString("")));
            throw new Refusal(lines.isEmpty() ? List.of("refused without a reason") : lines);
        }
        return answer;
    }

    @Override
    public void close() throws Refusal {
        try {
            channel.close();
        } catch (IOException e) {
            throw new Refusal(List.of("the conversation did not end: " + e.getMessage()));
        }
    }
}
