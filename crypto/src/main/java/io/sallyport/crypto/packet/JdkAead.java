package io.sallyport.crypto.packet;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-GCM as RFC 4106 and ChaCha20-Poly1305 as RFC 7634 use them in ESP: nonce = salt and 8-octet IV, additional data =
 * SPI and sequence number (64 bits of it with ESN).
 */
final class JdkAead implements PacketCipher {
    private static final int IV = 8;
    private static final int ICV = 16;
    private static final int SALT = 4;

    private final Cipher cipher;
    private final SecretKeySpec key;
    private final boolean gcm;
    private final boolean esn;
    private final byte[] nonce = new byte[SALT + IV];
    private final byte[] additional;
    private byte[] input = new byte[2048];
    private byte[] output = new byte[2048];

    JdkAead(EncryptionAlgorithm algorithm, Secret secret, boolean esn) {
        this.esn = esn;
        this.additional = new byte[esn ? 12 : 8];
        this.gcm = algorithm != EncryptionAlgorithm.CHACHA20_POLY1305;
        byte[] octets = secret.expose();
        try {
            this.key = new SecretKeySpec(octets, 0, algorithm.keyOctets(), gcm ? "AES" : "ChaCha20");
            System.arraycopy(octets, algorithm.keyOctets(), nonce, 0, SALT);
            this.cipher = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks " + algorithm, e);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    @Override
    public int ivOctets() {
        return IV;
    }

    @Override
    public int icvOctets() {
        return ICV;
    }

    @Override
    public int blockOctets() {
        return 1;
    }

    @Override
    public void seal(MemorySegment from, long text, int length, MemorySegment to, long esp, long sequence) {
        reserve(length + ICV);
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, text, input, 0, length);
        Octets.put64(to, esp + HEADER, sequence);
        try {
            begin(Cipher.ENCRYPT_MODE, to, esp, sequence);
            int made = cipher.doFinal(input, 0, length, output, 0);
            MemorySegment.copy(output, 0, to, ValueLayout.JAVA_BYTE, esp + HEADER + IV, made);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    @Override
    public boolean open(MemorySegment memory, long esp, int length, long sequence) {
        reserve(length + ICV);
        long text = esp + HEADER + IV;
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, text, input, 0, length + ICV);
        try {
            begin(Cipher.DECRYPT_MODE, memory, esp, sequence);
            int made = cipher.doFinal(input, 0, length + ICV, output, 0);
            MemorySegment.copy(output, 0, memory, ValueLayout.JAVA_BYTE, text, made);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening failed", e);
        }
    }

    private void begin(int mode, MemorySegment memory, long esp, long sequence) throws GeneralSecurityException {
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, esp + HEADER, nonce, SALT, IV);
        AlgorithmParameterSpec spec = gcm ? new GCMParameterSpec(8 * ICV, nonce) : new IvParameterSpec(nonce);
        cipher.init(mode, key, spec);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, esp, additional, 0, 4);
        // RFC 4106 section 5: the additional data is SPI and the 32- or 64-bit sequence number.
        if (esn) {
            put32(additional, 4, (int) (sequence >>> 32));
        }
        put32(additional, esn ? 8 : 4, (int) sequence);
        cipher.updateAAD(additional);
    }

    private void reserve(int size) {
        if (input.length < size) {
            input = new byte[size];
            output = new byte[size];
        }
    }

    static void put32(byte[] octets, int at, int value) {
        octets[at] = (byte) (value >>> 24);
        octets[at + 1] = (byte) (value >>> 16);
        octets[at + 2] = (byte) (value >>> 8);
        octets[at + 3] = (byte) value;
    }
}
