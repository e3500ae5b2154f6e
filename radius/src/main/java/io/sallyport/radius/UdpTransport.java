package io.sallyport.radius;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** A socket of its own for each request: identifiers never run out, and a forger has to guess the port too. */
public final class UdpTransport implements Transport {
    private final Sockets sockets;

    /** Opens sockets that are not bound yet. */
    public interface Sockets {
        DatagramSocket open(Optional<String> netns) throws IOException;
    }

    public UdpTransport(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public Optional<Bytes> exchange(
            RadiusServer server, Endpoint port, Bytes request, Predicate<Bytes> accepted, Iterable<Duration> patience)
            throws IOException, InterruptedException {
        try (DatagramSocket socket = sockets.open(server.netns())) {
            socket.bind(
                    server.local().isPresent()
                            ? new InetSocketAddress(inet(server.local().get()), 0)
                            : null);
            socket.connect(new InetSocketAddress(inet(port.address()), port.port()));
            byte[] out = request.toArray();
            for (Duration wait : patience) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("told to stop");
                }
                Optional<Bytes> answer = once(socket, out, accepted, wait);
                if (answer.isPresent()) {
                    return answer;
                }
            }
            return Optional.empty();
        }
    }

    private static Optional<Bytes> once(DatagramSocket socket, byte[] out, Predicate<Bytes> accepted, Duration wait)
            throws IOException {
        long end = System.nanoTime() + wait.toNanos();
        try {
            socket.send(new DatagramPacket(out, out.length));
            byte[] in = new byte[RadiusPacket.SIZE_MAX];
            while (true) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return Optional.empty();
                }
                socket.setSoTimeout((int) left);
                DatagramPacket packet = new DatagramPacket(in, in.length);
                socket.receive(packet);
                Bytes came = Bytes.of(in, 0, packet.getLength());
                if (accepted.test(came)) {
                    return Optional.of(came);
                }
            }
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        } catch (PortUnreachableException e) {
            // Nobody listens there now; whether somebody does soon, the next try tells.
            return pause(end);
        }
    }

    private static Optional<Bytes> pause(long end) throws IOException {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("told to stop", e);
        }
    }

    private static InetAddress inet(Address address) throws IOException {
        return InetAddress.getByAddress(address.toBytes().toArray());
    }
}
