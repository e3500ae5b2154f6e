package io.sallyport.os;

import io.sallyport.crypto.KeyExchanges.PrivateKeyValue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;

/** A key in OpenSSL's memory, which goes when nobody refers to it any more. */
final class LibcryptoKey implements PrivateKeyValue {
    private static final Cleaner CLEANER = Cleaner.create();

    private final long pointer;

    /** @param pointer an EVP_PKEY, which is this object's from now on */
    LibcryptoKey(long pointer) {
        this.pointer = pointer;
        CLEANER.register(this, () -> Libcrypto.freeKey(pointer));
    }

    /**
     * Makes a key pair.
     *
     * @param algorithm as OpenSSL calls it
     * @param group likewise; an empty string where the algorithm has none
     */
    static LibcryptoKey generate(MemorySegment algorithm, MemorySegment group) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            long context = require(Libcrypto.newContext(algorithm.address()), "a context");
            try {
                require(Libcrypto.keygenInit(context), "key generation");
                if (group.get(ValueLayout.JAVA_BYTE, 0) != 0) {
                    require(Libcrypto.setGroupName(context, group.address()), "the group");
                }
                require(Libcrypto.generate(context, out.address()), "a key pair");
            } finally {
                Libcrypto.freeContext(context);
            }
            return new LibcryptoKey(out.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    /** Good as long as this object can be reached: see {@link java.lang.ref.Reference#reachabilityFence}. */
    long pointer() {
        return pointer;
    }

    @Override
    public String toString() {
        return "LibcryptoKey";
    }

    /** What OpenSSL returned, when that is more than 0. */
    static long require(long result, String what) {
        if (result <= 0) {
            Libcrypto.clearErrors();
            throw new IllegalStateException("libcrypto makes no " + what);
        }
        return result;
    }
}
