package io.sallyport.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The functions of OpenSSL 3's {@code libcrypto} that key exchange and signatures need, one method each. Pointers are plain numbers. */
final class Libcrypto {
    private static final String LIBRARY = "libcrypto.so.3";
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    /** Linked once, when the library is there. */
    private static final class Linked {
        static final SymbolLookup LOOKUP =
                library().orElseThrow(() -> new IllegalStateException(LIBRARY + " is not installed"));
        static final MethodHandle CTX_NEW_FROM_NAME =
                link("EVP_PKEY_CTX_new_from_name", FunctionDescriptor.of(LONG, LONG, LONG, LONG));
        static final MethodHandle CTX_NEW = link("EVP_PKEY_CTX_new", FunctionDescriptor.of(LONG, LONG, LONG));
        static final MethodHandle CTX_FREE = link("EVP_PKEY_CTX_free", FunctionDescriptor.ofVoid(LONG));
        static final MethodHandle KEYGEN_INIT = link("EVP_PKEY_keygen_init", FunctionDescriptor.of(INT, LONG));
        static final MethodHandle SET_GROUP_NAME =
                link("EVP_PKEY_CTX_set_group_name", FunctionDescriptor.of(INT, LONG, LONG));
        static final MethodHandle GENERATE = link("EVP_PKEY_generate", FunctionDescriptor.of(INT, LONG, LONG));
        static final MethodHandle PUBLIC =
                link("EVP_PKEY_get1_encoded_public_key", FunctionDescriptor.of(LONG, LONG, LONG));
        static final MethodHandle SET_PUBLIC =
                link("EVP_PKEY_set1_encoded_public_key", FunctionDescriptor.of(INT, LONG, LONG, LONG));
        static final MethodHandle NEW = link("EVP_PKEY_new", FunctionDescriptor.of(LONG));
        static final MethodHandle FREE = link("EVP_PKEY_free", FunctionDescriptor.ofVoid(LONG));
        static final MethodHandle COPY = link("EVP_PKEY_copy_parameters", FunctionDescriptor.of(INT, LONG, LONG));
        static final MethodHandle NEW_RAW =
                link("EVP_PKEY_new_raw_public_key", FunctionDescriptor.of(LONG, INT, LONG, LONG, LONG));
        static final MethodHandle DERIVE_INIT = link("EVP_PKEY_derive_init", FunctionDescriptor.of(INT, LONG));
        static final MethodHandle SET_PEER =
                link("EVP_PKEY_derive_set_peer_ex", FunctionDescriptor.of(INT, LONG, LONG, INT));
        static final MethodHandle DH_PAD = link("EVP_PKEY_CTX_set_dh_pad", FunctionDescriptor.of(INT, LONG, INT));
        static final MethodHandle DERIVE = link("EVP_PKEY_derive", FunctionDescriptor.of(INT, LONG, LONG, LONG));
        static final MethodHandle PRIVATE = link("d2i_AutoPrivateKey", FunctionDescriptor.of(LONG, LONG, LONG, LONG));
        static final MethodHandle SIGN_INIT = link("EVP_PKEY_sign_init", FunctionDescriptor.of(INT, LONG));
        static final MethodHandle SIGN =
                link("EVP_PKEY_sign", FunctionDescriptor.of(INT, LONG, LONG, LONG, LONG, LONG));
        static final MethodHandle VERIFY_INIT = link("EVP_PKEY_verify_init", FunctionDescriptor.of(INT, LONG));
        static final MethodHandle VERIFY =
                link("EVP_PKEY_verify", FunctionDescriptor.of(INT, LONG, LONG, LONG, LONG, LONG));
        static final MethodHandle RSA_PADDING =
                link("EVP_PKEY_CTX_set_rsa_padding", FunctionDescriptor.of(INT, LONG, INT));
        static final MethodHandle PSS_SALT =
                link("EVP_PKEY_CTX_set_rsa_pss_saltlen", FunctionDescriptor.of(INT, LONG, INT));
        static final MethodHandle SIGNATURE_DIGEST =
                link("EVP_PKEY_CTX_set_signature_md", FunctionDescriptor.of(INT, LONG, LONG));
        static final MethodHandle DIGEST = link("EVP_get_digestbyname", FunctionDescriptor.of(LONG, LONG));
        static final MethodHandle CRYPTO_FREE = link("CRYPTO_free", FunctionDescriptor.ofVoid(LONG, LONG, INT));
        static final MethodHandle CLEAR = link("ERR_clear_error", FunctionDescriptor.ofVoid());
        static final MethodHandle VERSION = link("OpenSSL_version", FunctionDescriptor.of(LONG, INT));

        private Linked() {}

        @SuppressWarnings("restricted")
        private static MethodHandle link(String name, FunctionDescriptor type) {
            MemorySegment symbol =
                    LOOKUP.find(name).orElseThrow(() -> new IllegalStateException(LIBRARY + " has no " + name));
            return Linker.nativeLinker().downcallHandle(symbol, type);
        }
    }

    private Libcrypto() {}

    static boolean isInstalled() {
        if (library().isEmpty()) {
            return false;
        }
        try {
            return !version().isEmpty();
        } catch (ExceptionInInitializerError | NoClassDefFoundError | IllegalStateException e) {
            return false;
        }
    }

    @SuppressWarnings("restricted")
    private static Optional<SymbolLookup> library() {
        try {
            return Optional.of(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Such as {@code OpenSSL 3.0.17 1 Jul 2025}. */
    @SuppressWarnings("restricted")
    static String version() {
        try {
            return MemorySegment.ofAddress((long) Linked.VERSION.invokeExact(0))
                    .reinterpret(256)
                    .getString(0);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long newContext(long algorithm) {
        try {
            return (long) Linked.CTX_NEW_FROM_NAME.invokeExact(0L, algorithm, 0L);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long newContextOf(long key) {
        try {
            return (long) Linked.CTX_NEW.invokeExact(key, 0L);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static void freeContext(long context) {
        try {
            Linked.CTX_FREE.invokeExact(context);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int keygenInit(long context) {
        try {
            return (int) Linked.KEYGEN_INIT.invokeExact(context);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int setGroupName(long context, long name) {
        try {
            return (int) Linked.SET_GROUP_NAME.invokeExact(context, name);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int generate(long context, long keyOut) {
        try {
            return (int) Linked.GENERATE.invokeExact(context, keyOut);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /** The length; what is at {@code pointerOut} afterwards is to be given to {@link #freeOctets}. */
    static long encodedPublicKey(long key, long pointerOut) {
        try {
            return (long) Linked.PUBLIC.invokeExact(key, pointerOut);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int setEncodedPublicKey(long key, long octets, long length) {
        try {
            return (int) Linked.SET_PUBLIC.invokeExact(key, octets, length);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long newKey() {
        try {
            return (long) Linked.NEW.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static void freeKey(long key) {
        try {
            Linked.FREE.invokeExact(key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int copyParameters(long to, long from) {
        try {
            return (int) Linked.COPY.invokeExact(to, from);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long newRawPublicKey(int type, long octets, long length) {
        try {
            return (long) Linked.NEW_RAW.invokeExact(type, 0L, octets, length);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int deriveInit(long context) {
        try {
            return (int) Linked.DERIVE_INIT.invokeExact(context);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /** Does not check the peer's key beyond what reading it did. */
    static int derivePeer(long context, long peer) {
        try {
            return (int) Linked.SET_PEER.invokeExact(context, peer, 0);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int dhPad(long context) {
        try {
            return (int) Linked.DH_PAD.invokeExact(context, 1);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int derive(long context, long out, long lengthInOut) {
        try {
            return (int) Linked.DERIVE.invokeExact(context, out, lengthInOut);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /**
     * Reads PKCS#8.
     *
     * @param pointerIn points to where the octets begin, and is moved
     * @return 0: they cannot be read
     */
    static long privateKey(long pointerIn, long length) {
        try {
            return (long) Linked.PRIVATE.invokeExact(0L, pointerIn, length);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int signInit(long context) {
        try {
            return (int) Linked.SIGN_INIT.invokeExact(context);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int sign(long context, long out, long lengthInOut, long digest, long digestLength) {
        try {
            return (int) Linked.SIGN.invokeExact(context, out, lengthInOut, digest, digestLength);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int verifyInit(long context) {
        try {
            return (int) Linked.VERIFY_INIT.invokeExact(context);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /** 1: it is the key's signature. */
    static int verify(long context, long signature, long length, long digest, long digestLength) {
        try {
            return (int) Linked.VERIFY.invokeExact(context, signature, length, digest, digestLength);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int rsaPadding(long context, int padding) {
        try {
            return (int) Linked.RSA_PADDING.invokeExact(context, padding);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int pssSalt(long context, int octets) {
        try {
            return (int) Linked.PSS_SALT.invokeExact(context, octets);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int signatureDigest(long context, long digest) {
        try {
            return (int) Linked.SIGNATURE_DIGEST.invokeExact(context, digest);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /** 0: there is none of that name. */
    static long digest(long name) {
        try {
            return (long) Linked.DIGEST.invokeExact(name);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static void freeOctets(long octets) {
        try {
            Linked.CRYPTO_FREE.invokeExact(octets, 0L, 0);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    /** Forgets what this thread's last failure left behind. */
    static void clearErrors() {
        try {
            Linked.CLEAR.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    private static IllegalStateException broken(Throwable t) {
        return new IllegalStateException(LIBRARY + " cannot be called", t);
    }
}
