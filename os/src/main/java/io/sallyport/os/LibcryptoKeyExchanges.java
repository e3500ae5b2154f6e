package io.sallyport.os;

import static io.sallyport.os.LibcryptoKey.require;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.KeyExchanges;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Key exchange by OpenSSL 3, where it is installed: many times faster than the JDK on elliptic curves and on MODP groups.
 * Groups 2 and 24, which nobody should use, stay with the JDK.
 */
public final class LibcryptoKeyExchanges implements KeyExchanges {
    private static final Arena NAMES = Arena.global();
    private static final int NID_X25519 = 1034;
    private static final int OCTETS_MAX = 600;
    /** SEC 1 section 2.3.3: uncompressed. */
    private static final byte UNCOMPRESSED = 4;

    private static final Map<KeyExchangeMethod, Named> NAMED = new EnumMap<>(Map.of(
            KeyExchangeMethod.ECP_256, new Named("EC", "P-256"),
            KeyExchangeMethod.ECP_384, new Named("EC", "P-384"),
            KeyExchangeMethod.ECP_521, new Named("EC", "P-521"),
            KeyExchangeMethod.MODP_2048, new Named("DH", "modp_2048"),
            KeyExchangeMethod.MODP_3072, new Named("DH", "modp_3072"),
            KeyExchangeMethod.MODP_4096, new Named("DH", "modp_4096"),
            KeyExchangeMethod.CURVE25519, new Named("X25519", "")));

    private final KeyExchanges jdk;

    private LibcryptoKeyExchanges(KeyExchanges jdk) {
        this.jdk = jdk;
    }

    /** An algorithm and a group, as OpenSSL calls them. */
    private record Named(MemorySegment algorithm, MemorySegment group, boolean isCurve, boolean isModp) {
        Named(String algorithm, String group) {
            this(
                    NAMES.allocateFrom(algorithm),
                    NAMES.allocateFrom(group),
                    algorithm.equals("EC"),
                    algorithm.equals("DH"));
        }
    }

    /**
     * Found, and agreeing with {@code jdk} on a shared secret of every group; else nothing.
     *
     * @param jdk for groups that are left to it
     */
    public static Optional<KeyExchanges> find(KeyExchanges jdk) {
        if (!Libcrypto.isInstalled()) {
            return Optional.empty();
        }
        LibcryptoKeyExchanges found = new LibcryptoKeyExchanges(jdk);
        try {
            return found.agreesWith(jdk) ? Optional.of(found) : Optional.empty();
        } catch (IllegalStateException | InvalidPublicValue e) {
            return Optional.empty();
        }
    }

    /** The library's name and version. */
    public static String label() {
        return Libcrypto.version();
    }

    private boolean agreesWith(KeyExchanges other) throws InvalidPublicValue {
        for (KeyExchangeMethod method : List.of(
                KeyExchangeMethod.ECP_256,
                KeyExchangeMethod.ECP_384,
                KeyExchangeMethod.ECP_521,
                KeyExchangeMethod.MODP_2048,
                KeyExchangeMethod.CURVE25519)) {
            KeyPairMade ours = make(method);
            KeyPairMade theirs = other.make(method);
            if (!agree(method, ours.privateValue(), theirs.publicValue())
                    .equals(other.agree(method, theirs.privateValue(), ours.publicValue()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public KeyPairMade make(KeyExchangeMethod method) {
        Named named = NAMED.get(method);
        if (named == null) {
            return jdk.make(method);
        }
        LibcryptoKey held = LibcryptoKey.generate(named.algorithm(), named.group());
        Bytes encoded = encoded(held);
        return new KeyPairMade(named.isCurve() ? encoded.slice(1, encoded.size()) : encoded, held);
    }

    @SuppressWarnings("restricted")
    private static Bytes encoded(LibcryptoKey key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            long length = require(Libcrypto.encodedPublicKey(key.pointer(), out.address()), "the public value");
            long at = out.get(ValueLayout.JAVA_LONG, 0);
            try {
                return Bytes.wrap(
                        MemorySegment.ofAddress(at).reinterpret(length).toArray(ValueLayout.JAVA_BYTE));
            } finally {
                Libcrypto.freeOctets(at);
            }
        } finally {
            java.lang.ref.Reference.reachabilityFence(key);
        }
    }

    @Override
    public Secret agree(KeyExchangeMethod method, PrivateKeyValue privateValue, Bytes peerPublic)
            throws InvalidPublicValue {
        Named named = NAMED.get(method);
        if (named == null) {
            return jdk.agree(method, privateValue, peerPublic);
        }
        if (peerPublic.size() != method.publicOctets()) {
            throw new InvalidPublicValue("a public value of " + method + " has " + method.publicOctets()
                    + " octets, not " + peerPublic.size());
        }
        if (named.isModp()) {
            KeyExchanges.requireModpMember(method, peerPublic);
        }
        LibcryptoKey held = (LibcryptoKey) privateValue;
        try (Arena arena = Arena.ofConfined()) {
            long peer = peer(named, held, peerPublic, arena);
            if (peer == 0) {
                throw refused(method);
            }
            try {
                return derive(method, named, held, peer, arena);
            } finally {
                Libcrypto.freeKey(peer);
            }
        }
    }

    /** 0: the value is none of the group. */
    private static long peer(Named named, LibcryptoKey held, Bytes value, Arena arena) {
        Bytes encoded = named.isCurve() ? Bytes.concat(Bytes.ofInts(UNCOMPRESSED), value) : value;
        MemorySegment octets = arena.allocateFrom(ValueLayout.JAVA_BYTE, encoded.toArray());
        if (!named.isCurve() && !named.isModp()) {
            return Libcrypto.newRawPublicKey(NID_X25519, octets.address(), encoded.size());
        }
        long peer = require(Libcrypto.newKey(), "a key");
        if (Libcrypto.copyParameters(peer, held.pointer()) <= 0
                || Libcrypto.setEncodedPublicKey(peer, octets.address(), encoded.size()) <= 0) {
            Libcrypto.freeKey(peer);
            return 0;
        }
        return peer;
    }

    private static Secret derive(KeyExchangeMethod method, Named named, LibcryptoKey held, long peer, Arena arena)
            throws InvalidPublicValue {
        MemorySegment secret = arena.allocate(OCTETS_MAX);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_LONG, OCTETS_MAX);
        long context = require(Libcrypto.newContextOf(held.pointer()), "a context");
        try {
            require(Libcrypto.deriveInit(context), "derivation");
            if (named.isModp()) {
                // RFC 7296 section 2.14: leading zeros stay.
                require(Libcrypto.dhPad(context), "padding");
            }
            // RFC 6989: that a point is on its curve was checked when it was read (section 2.3), that a number is of
            // its group before (section 2.1); OpenSSL's own check would also raise the value to the group's order,
            // which
            // takes longer than the exchange and tells nothing about such groups. An all-zero secret of X25519 is
            // refused below.
            if (Libcrypto.derivePeer(context, peer) <= 0
                    || Libcrypto.derive(context, secret.address(), length.address()) <= 0) {
                throw refused(method);
            }
            byte[] octets =
                    secret.asSlice(0, length.get(ValueLayout.JAVA_LONG, 0)).toArray(ValueLayout.JAVA_BYTE);
            try {
                return Secret.of(octets);
            } finally {
                Arrays.fill(octets, (byte) 0);
            }
        } finally {
            Libcrypto.freeContext(context);
            secret.fill((byte) 0);
            java.lang.ref.Reference.reachabilityFence(held);
        }
    }

    private static InvalidPublicValue refused(KeyExchangeMethod method) {
        Libcrypto.clearErrors();
        return new InvalidPublicValue("the public value is not acceptable for " + method);
    }
}
