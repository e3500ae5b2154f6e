package io.sallyport.radius;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server on loopback that answers as a test wants it, also falsely. */
final class Answering implements AutoCloseable {
    static final Secret SECRET = Secret.utf8("testing123");

    final List<RadiusPacket> heard = new CopyOnWriteArrayList<>();
    private final DatagramSocket socket;
    private final Function<RadiusPacket, List<Bytes>> answers;

    Answering(Function<RadiusPacket, List<Bytes>> answers) throws IOException {
        this.answers = answers;
        this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::loop);
    }

    RadiusServer server(int score) {
        return server(score, true);
    }

    RadiusServer server(int score, boolean requireMessageAuthenticator) {
        Endpoint at = new Endpoint(Address.parse("127.0.0.1"), socket.getLocalPort());
        return new RadiusServer(
                at,
                socket.getLocalPort(),
                SECRET,
                score,
                Optional.empty(),
                Optional.empty(),
                requireMessageAuthenticator);
    }

    private void loop() {
        byte[] in = new byte[4_096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(in, in.length);
                socket.receive(packet);
                RadiusPacket request = RadiusPacket.read(Bytes.of(in, 0, packet.getLength()));
                heard.add(request);
                for (Bytes answer : answers.apply(request)) {
                    byte[] out = answer.toArray();
                    socket.send(new DatagramPacket(out, out.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException | Malformed e) {
            socket.close();
        }
    }

    /** As a true server signs. */
    static Bytes signed(RadiusPacket request, int code, Attribute... attributes) {
        return signed(request, code, SECRET, true, attributes);
    }

    static Bytes signed(
            RadiusPacket request, int code, Secret secret, boolean withAuthenticator, Attribute... attributes) {
        List<Attribute> all = new ArrayList<>();
        if (withAuthenticator) {
            all.add(new Attribute(Attribute.MESSAGE_AUTHENTICATOR, Bytes.wrap(new byte[16])));
        }
        all.addAll(List.of(attributes));
        RadiusPacket plain = new RadiusPacket(code, request.identifier(), request.authenticator(), all);
        if (withAuthenticator) {
            all.set(0, new Attribute(Attribute.MESSAGE_AUTHENTICATOR, Authenticity.hmac(plain.write(), secret)));
            plain = new RadiusPacket(code, request.identifier(), request.authenticator(), all);
        }
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(plain.write().toArray());
            md5.update(secret.expose());
            return plain.with(Bytes.wrap(md5.digest())).write();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
