package io.sallyport.interop;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Sends IKE_SA_INIT requests from ever other addresses, as an attacker does who forges them. */
final class Flood {
    private Flood() {}

    /**
     * @param arguments target address, first two octets of the sources such as {@code 198.18}, how many datagrams, how
     *     many a second
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getByName(arguments[0]), 500);
        SplittableRandom random = new SplittableRandom(7);
        int count = Integer.parseInt(arguments[2]);
        int rate = Integer.parseInt(arguments[3]);
        long start = System.nanoTime();
        DatagramSocket[] sockets = new DatagramSocket[256];
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = new DatagramSocket(new InetSocketAddress(
                    InetAddress.getByName(arguments[1] + "." + i + "." + (1 + random.nextInt(254))), 0));
        }
        int sent = 0;
        for (; sent < count; sent++) {
            byte[] message = request(random);
            sockets[sent % sockets.length].send(new java.net.DatagramPacket(message, message.length, target));
            if (sent % 100 == 99) {
                long due = start + (long) (sent * 1e9 / rate);
                long ahead = due - System.nanoTime();
                if (ahead > 0) {
                    Thread.sleep(ahead / 1_000_000, (int) (ahead % 1_000_000));
                }
            }
        }
        System.err.println("sent " + sent + " in " + (System.nanoTime() - start) / 1_000_000 + " ms");
        for (DatagramSocket socket : sockets) {
            socket.close();
        }
    }

    /** A well-formed request: SA (AES-GCM-256, PRF-HMAC-SHA384, ECP-384), KE and nonce, all but the SA random. */
    static byte[] request(SplittableRandom random) {
        ByteBuffer out = ByteBuffer.allocate(28 + 40 + 104 + 36);
        out.putLong(random.nextLong() | 1).putLong(0);
        out.put((byte) 33)
                .put((byte) 0x20)
                .put((byte) 34)
                .put((byte) 0x08)
                .putInt(0)
                .putInt(out.capacity());
        out.put((byte) 34).put((byte) 0).putShort((short) 40);
        out.put((byte) 0)
                .put((byte) 0)
                .putShort((short) 36)
                .put((byte) 1)
                .put((byte) 1)
                .put((byte) 0)
                .put((byte) 3);
        out.put((byte) 3)
                .put((byte) 0)
                .putShort((short) 12)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) 20);
        out.putShort((short) 0x800e).putShort((short) 256);
        out.put((byte) 3)
                .put((byte) 0)
                .putShort((short) 8)
                .put((byte) 2)
                .put((byte) 0)
                .putShort((short) 6);
        out.put((byte) 0)
                .put((byte) 0)
                .putShort((short) 8)
                .put((byte) 4)
                .put((byte) 0)
                .putShort((short) 20);
        out.put((byte) 40)
                .put((byte) 0)
                .putShort((short) 104)
                .putShort((short) 20)
                .putShort((short) 0);
        byte[] noise = new byte[96];
        random.nextBytes(noise);
        out.put(noise);
        out.put((byte) 0).put((byte) 0).putShort((short) 36);
        out.put(noise, 0, 32);
        return out.array();
    }
}
