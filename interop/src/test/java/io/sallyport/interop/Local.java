package io.sallyport.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Talks to a Sallyport through its control socket: one line of JSON asks, one answers. */
final class Local implements AutoCloseable {
    static final String GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/local";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SocketChannel channel;
    private final BufferedReader in;

    private Local(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    }

    static Local connect(Path data) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(data.resolve("control.sock")));
        return new Local(channel);
    }

    /** {@code status} and {@code body}. */
    JsonNode ask(String method, String path, String body) throws IOException {
        ObjectNode request = JSON.createObjectNode();
        request.put("method", method);
        request.put("path", path + "?api-version=2025-03-01");
        if (!body.isEmpty()) {
            request.set("body", JSON.readTree(body));
        }
        Channels.newOutputStream(channel).write((request + "\n").getBytes(StandardCharsets.UTF_8));
        String line = in.readLine();
        if (line == null) {
            throw new IOException("the gateway is gone");
        }
        return JSON.readTree(line);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
