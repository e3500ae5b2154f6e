package io.sallyport.os;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.packet.CryptoEngine;
import io.sallyport.crypto.packet.PacketCipher;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * AES-GCM by Intel's multi-buffer library for IPsec, {@code libipsec-mb}, where it is installed: 114 ns for 1400 octets of
 * AES-256-GCM. Of the library's functions the per-instruction-set ones are called, without its job queue: each is one leaf
 * call with nothing to allocate. Algorithms other than AES-GCM are the JDK's business.
 */
public final class IpsecMb implements CryptoEngine {
    private static final String LIBRARY = "libIPSec_MB.so.1";

    private static final FunctionDescriptor PRECOMPUTE =
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    /** Key, context, out, in, length, IV of 12 octets, additional data and its length, tag and its length. */
    private static final FunctionDescriptor CRYPT = FunctionDescriptor.ofVoid(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG);

    /** Linked once, as constants, so that the compiler can inline the calls. */
    static final class Linked {
        static final String SET;
        static final MethodHandle PRE_128;
        static final MethodHandle PRE_192;
        static final MethodHandle PRE_256;
        static final MethodHandle ENC_128;
        static final MethodHandle ENC_192;
        static final MethodHandle ENC_256;
        static final MethodHandle DEC_128;
        static final MethodHandle DEC_192;
        static final MethodHandle DEC_256;

        static {
            SymbolLookup library =
                    library().orElseThrow(() -> new IllegalStateException(LIBRARY + " is not installed"));
            SET = instructionSet();
            PRE_128 = find(library, "aes_gcm_pre_128_", PRECOMPUTE);
            PRE_192 = find(library, "aes_gcm_pre_192_", PRECOMPUTE);
            PRE_256 = find(library, "aes_gcm_pre_256_", PRECOMPUTE);
            ENC_128 = find(library, "aes_gcm_enc_128_", CRYPT);
            ENC_192 = find(library, "aes_gcm_enc_192_", CRYPT);
            ENC_256 = find(library, "aes_gcm_enc_256_", CRYPT);
            DEC_128 = find(library, "aes_gcm_dec_128_", CRYPT);
            DEC_192 = find(library, "aes_gcm_dec_192_", CRYPT);
            DEC_256 = find(library, "aes_gcm_dec_256_", CRYPT);
        }

        private Linked() {}

        private static MethodHandle find(SymbolLookup library, String name, FunctionDescriptor type) {
            return Libc.critical(library, name + SET, type)
                    .orElseThrow(() -> new IllegalStateException(LIBRARY + " has no " + name + SET));
        }
    }

    private IpsecMb() {}

    /** The engine, or nothing where the library is missing or the processor has no AES instructions. */
    public static Optional<IpsecMb> find() {
        if (library().isEmpty() || instructionSet().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Linked.SET.isEmpty() ? Optional.empty() : Optional.of(new IpsecMb());
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            return Optional.empty();
        }
    }

    @Override
    public String label() {
        return "libipsec-mb (" + Linked.SET + ")";
    }

    @Override
    public boolean supports(EncryptionAlgorithm encryption, IntegrityAlgorithm integrity) {
        return switch (encryption) {
            case AES_GCM_16_128, AES_GCM_16_192, AES_GCM_16_256 -> integrity == IntegrityAlgorithm.NONE;
            case TRIPLE_DES_CBC, AES_CBC_128, AES_CBC_192, AES_CBC_256, CHACHA20_POLY1305 -> false;
        };
    }

    @Override
    public PacketCipher cipher(
            EncryptionAlgorithm encryption,
            Secret key,
            IntegrityAlgorithm integrity,
            Secret integrityKey,
            boolean esn) {
        if (!supports(encryption, integrity) || key.size() != encryption.keyOctets() + encryption.saltOctets()) {
            throw new IllegalArgumentException(encryption + " with a key of " + key.size() + " octets");
        }
        return new IpsecMbGcm(encryption.keyOctets(), key, esn);
    }

    @SuppressWarnings("restricted")
    private static Optional<SymbolLookup> library() {
        try {
            return Optional.of(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The suffix of the library's functions for the best instructions this processor has; empty: none of them. */
    private static String instructionSet() {
        List<String> flags = flags();
        if (!flags.contains("aes") || !flags.contains("pclmulqdq")) {
            return "";
        }
        boolean avx512 = flags.containsAll(List.of("avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512cd"));
        if (avx512 && flags.contains("vaes") && flags.contains("vpclmulqdq")) {
            return "vaes_avx512";
        }
        return avx512 ? "avx512" : flags.contains("avx2") ? "avx_gen4" : flags.contains("avx") ? "avx_gen2" : "sse";
    }

    private static List<String> flags() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
                if (line.startsWith("flags")) {
                    return List.of(line.substring(line.indexOf(':') + 1).strip().split(" "));
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return List.of();
    }
}
