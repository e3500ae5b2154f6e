package io.sallyport.interop;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeEvent.EapConversation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Our EAP server dressed as a RADIUS server, for one conversation: so that EAP clients that know only RADIUS can knock at
 * it and compare keys (RFC 2865, RFC 2548, RFC 3579).
 */
final class RadiusFront implements AutoCloseable {
    static final String SECRET = "front";
    private static final int ACCEPT = 2;
    private static final int REJECT = 3;
    private static final int CHALLENGE = 11;
    private static final int EAP_MESSAGE = 79;
    private static final int AUTHENTICATOR = 80;

    private final Behind behind;
    private final DatagramSocket socket;
    private Optional<EapConversation> conversation = Optional.empty();

    /** Who really answers. */
    interface Behind {
        Answer answer(Received received) throws Exception;
    }

    /** @param eap absent: begin */
    record Received(Optional<EapConversation> conversation, Optional<Bytes> eap) {}

    RadiusFront(Behind behind) throws IOException {
        this.behind = behind;
        this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::loop);
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        socket.close();
    }

    private void loop() {
        byte[] in = new byte[4_096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(in, in.length);
                socket.receive(packet);
                byte[] answer = answer(Arrays.copyOf(in, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (SocketException e) {
            // Closed: the test is over.
        } catch (Exception e) {
            socket.close();
            throw new IllegalStateException(e);
        }
    }

    private byte[] answer(byte[] request) throws Exception {
        byte[] eap = eap(request);
        if (conversation.isEmpty()) {
            // The other end has asked for the name already; it counts as the answer to our own question.
            Answer.EapNext began = (Answer.EapNext) behind.answer(new Received(Optional.empty(), Optional.empty()));
            conversation = Optional.of(began.conversation());
            eap[1] = (byte) began.packet().at(1);
        }
        return switch (behind.answer(new Received(conversation, Optional.of(Bytes.of(eap))))) {
            case Answer.EapNext next -> {
                conversation = Optional.of(next.conversation());
                yield packet(request, CHALLENGE, next.packet(), Optional.empty());
            }
            case Answer.EapDone done ->
                packet(request, ACCEPT, done.packet(), done.result().msk());
            case Answer.EapFailed failed -> packet(request, REJECT, failed.packet(), Optional.empty());
            case Answer other -> throw new IllegalStateException("answered " + other);
        };
    }

    private static byte[] eap(byte[] request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 20; at < request.length; at += request[at + 1] & 0xff) {
            if ((request[at] & 0xff) == EAP_MESSAGE) {
                out.write(request, at + 2, (request[at + 1] & 0xff) - 2);
            }
        }
        return out.toByteArray();
    }

    private static byte[] packet(byte[] request, int code, Bytes eap, Optional<Secret> msk)
            throws GeneralSecurityException {
        byte[] authenticator = Arrays.copyOfRange(request, 4, 20);
        ByteArrayOutputStream attributes = new ByteArrayOutputStream();
        attribute(attributes, AUTHENTICATOR, new byte[16]);
        // State, which the other end has to repeat.
        attribute(attributes, 24, new byte[] {1});
        for (int at = 0; at < eap.size(); at += 253) {
            attribute(
                    attributes,
                    EAP_MESSAGE,
                    eap.slice(at, Math.min(eap.size(), at + 253)).toArray());
        }
        if (msk.isPresent()) {
            byte[] keys = msk.get().expose();
            microsoft(attributes, 17, Arrays.copyOf(keys, 32), authenticator);
            microsoft(attributes, 16, Arrays.copyOfRange(keys, 32, 64), authenticator);
        }
        byte[] out = new byte[20 + attributes.size()];
        out[0] = (byte) code;
        out[1] = request[1];
        out[2] = (byte) (out.length >> 8);
        out[3] = (byte) out.length;
        System.arraycopy(authenticator, 0, out, 4, 16);
        System.arraycopy(attributes.toByteArray(), 0, out, 20, attributes.size());
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec(secret(), "HmacMD5"));
        System.arraycopy(mac.doFinal(out), 0, out, 22, 16);
        System.arraycopy(md5(out, secret()), 0, out, 4, 16);
        return out;
    }

    /** RFC 2548 section 2.4.2. */
    private static void microsoft(ByteArrayOutputStream attributes, int kind, byte[] key, byte[] authenticator)
            throws GeneralSecurityException {
        byte[] clear = new byte[48];
        clear[0] = (byte) key.length;
        System.arraycopy(key, 0, clear, 1, key.length);
        byte[] salt = {(byte) 0x80, (byte) kind};
        byte[] chain = md5(secret(), authenticator, salt);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 1, 0x37, (byte) kind, (byte) (2 + salt.length + clear.length)});
        out.writeBytes(salt);
        for (int at = 0; at < clear.length; at += 16) {
            byte[] block = Arrays.copyOfRange(clear, at, at + 16);
            for (int i = 0; i < 16; i++) {
                block[i] ^= chain[i];
            }
            out.writeBytes(block);
            chain = md5(secret(), block);
        }
        attribute(attributes, 26, out.toByteArray());
    }

    private static void attribute(ByteArrayOutputStream out, int type, byte[] value) {
        out.write(type);
        out.write(value.length + 2);
        out.writeBytes(value);
    }

    private static byte[] secret() {
        return SECRET.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] md5(byte[]... parts) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
