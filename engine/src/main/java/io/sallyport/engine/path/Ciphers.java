package io.sallyport.engine.path;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.packet.CryptoEngine;
import io.sallyport.crypto.packet.JdkEngine;
import io.sallyport.crypto.packet.PacketCipher;
import io.sallyport.os.IpsecMb;
import io.sallyport.wire.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which engine computes what. The native one is used for what it knows, after it has agreed with the JDK's on packets of
 * several sizes; {@code -Dsallyport.crypto=jdk} turns it off.
 */
final class Ciphers {
    static final String PROPERTY = "sallyport.crypto";

    private static final int[] PROBE_LENGTHS = {4, 16, 60, 256, 1420, 9000};

    private final JdkEngine jdk = new JdkEngine();
    private final @Nullable CryptoEngine fast;
    private final String why;

    private Ciphers(@Nullable CryptoEngine fast, String why) {
        this.fast = fast;
        this.why = why;
    }

    static Ciphers chosen() {
        return "jdk".equals(System.getProperty(PROPERTY))
                ? new Ciphers(null, "ipsec-mb off by switch")
                : of(IpsecMb.find());
    }

    /** Uses {@code found} if it passes its self-test. */
    static Ciphers of(Optional<? extends CryptoEngine> found) {
        if (found.isEmpty()) {
            return new Ciphers(null, "libipsec-mb is not installed, or the processor has no AES instructions");
        }
        CryptoEngine engine = found.get();
        return passes(engine) ? new Ciphers(engine, "") : new Ciphers(null, engine.label() + " failed self-test");
    }

    PacketCipher cipher(
            EncryptionAlgorithm encryption,
            Secret key,
            IntegrityAlgorithm integrity,
            Secret integrityKey,
            boolean esn) {
        CryptoEngine engine = fast != null && fast.supports(encryption, integrity) ? fast : jdk;
        return engine.cipher(encryption, key, integrity, integrityKey, esn);
    }

    List<String> capabilities() {
        List<String> out = new ArrayList<>();
        out.add("crypto: AES-GCM by " + (fast == null ? "the JDK (" + why + ")" : fast.label() + ", in use"));
        out.add("crypto: AES-CBC, 3DES-CBC, HMAC and ChaCha20-Poly1305 by the JDK");
        return out;
    }

    private static boolean passes(CryptoEngine engine) {
        try {
            return agrees(engine);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** The same packets from both, and each opens the other's. */
    private static boolean agrees(CryptoEngine engine) {
        JdkEngine reference = new JdkEngine();
        for (EncryptionAlgorithm algorithm : EncryptionAlgorithm.values()) {
            if (!engine.supports(algorithm, IntegrityAlgorithm.NONE)) {
                continue;
            }
            byte[] key = new byte[algorithm.keyOctets() + algorithm.saltOctets()];
            for (int i = 0; i < key.length; i++) {
                key[i] = (byte) (i * 7 + 1);
            }
            for (boolean esn : new boolean[] {false, true}) {
                PacketCipher one =
                        engine.cipher(algorithm, Secret.of(key), IntegrityAlgorithm.NONE, Secret.of(new byte[0]), esn);
                PacketCipher two = reference.cipher(
                        algorithm, Secret.of(key), IntegrityAlgorithm.NONE, Secret.of(new byte[0]), esn);
                for (int length : PROBE_LENGTHS) {
                    if (!agree(one, two, length)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static boolean agree(PacketCipher one, PacketCipher two, int length) {
        // A number of its own for each length: the JDK rightly refuses to use an IV twice.
        long sequence = 0x1_0000_0000L + length;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(length, 8);
            for (int i = 0; i < length; i++) {
                text.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 13));
            }
            int size = PacketCipher.HEADER + one.ivOctets() + length + one.icvOctets();
            MemorySegment first = arena.allocate(size, 8);
            MemorySegment second = arena.allocate(size, 8);
            for (MemorySegment packet : List.of(first, second)) {
                Octets.put32(packet, 0, 0x5a11_b047);
                Octets.put32(packet, 4, (int) sequence);
            }
            one.seal(text, 0, length, first, 0, sequence);
            two.seal(text, 0, length, second, 0, sequence);
            boolean same = first.mismatch(second) < 0;
            boolean opens = one.open(second, 0, length, sequence)
                    && text.mismatch(second.asSlice(PacketCipher.HEADER + one.ivOctets(), length)) < 0;
            byte flipped = (byte) (first.get(ValueLayout.JAVA_BYTE, size - 1) ^ 1);
            first.set(ValueLayout.JAVA_BYTE, size - 1, flipped);
            return same && opens && !one.open(first, 0, length, sequence);
        }
    }
}
