package io.sallyport.crypto.packet;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-CBC (RFC 3602) or 3DES-CBC (RFC 2451), then HMAC over everything from the SPI to the end of the text (RFC 4303
 * section 3.3.2.1).
 *
 * <p>CBC needs an IV that nobody can predict. It is the sequence number enciphered with the SA's own key, the first of
 * the two ways of NIST SP 800-38A appendix C: never the same twice, and unpredictable without the key.
 */
final class JdkCbcHmac implements PacketCipher {
    private final Cipher cbc;
    private final Cipher block;
    private final SecretKeySpec key;
    private final Mac mac;
    private final boolean esn;
    private final int iv;
    private final int icv;
    private final byte[] counter;
    private final byte[] tag;
    private byte[] input = new byte[2048];
    /** SPI, sequence, IV, ciphertext, and with ESN the high half of the sequence: what the HMAC covers. */
    private byte[] covered = new byte[2048];

    JdkCbcHmac(
            EncryptionAlgorithm algorithm,
            Secret secret,
            IntegrityAlgorithm integrity,
            Secret integritySecret,
            boolean esn) {
        this.esn = esn;
        this.iv = algorithm.ivOctets();
        this.icv = integrity.icvOctets();
        this.counter = new byte[iv];
        boolean tripleDes = algorithm == EncryptionAlgorithm.TRIPLE_DES_CBC;
        String name = tripleDes ? "DESede" : "AES";
        byte[] octets = secret.expose();
        byte[] integrityOctets = integritySecret.expose();
        try {
            this.key = new SecretKeySpec(octets, name);
            this.cbc = Cipher.getInstance(name + "/CBC/NoPadding");
            this.block = Cipher.getInstance(name + "/ECB/NoPadding");
            this.block.init(Cipher.ENCRYPT_MODE, key);
            this.mac = Mac.getInstance(integrity.jcaName());
            this.mac.init(new SecretKeySpec(integrityOctets, integrity.jcaName()));
            this.tag = new byte[mac.getMacLength()];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks " + algorithm + "/" + integrity, e);
        } finally {
            Arrays.fill(octets, (byte) 0);
            Arrays.fill(integrityOctets, (byte) 0);
        }
    }

    @Override
    public int ivOctets() {
        return iv;
    }

    @Override
    public int icvOctets() {
        return icv;
    }

    @Override
    public int blockOctets() {
        return iv;
    }

    @Override
    public void seal(MemorySegment from, long text, int length, MemorySegment to, long esp, long sequence) {
        int start = HEADER + iv;
        reserve(start + length + 4);
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, text, input, 0, length);
        MemorySegment.copy(to, ValueLayout.JAVA_BYTE, esp, covered, 0, HEADER);
        try {
            JdkAead.put32(counter, iv - 8, (int) (sequence >>> 32));
            JdkAead.put32(counter, iv - 4, (int) sequence);
            block.doFinal(counter, 0, iv, covered, HEADER);
            cbc.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(covered, HEADER, iv));
            cbc.doFinal(input, 0, length, covered, start);
            authenticate(start + length, sequence);
            MemorySegment.copy(covered, HEADER, to, ValueLayout.JAVA_BYTE, esp + HEADER, iv + length);
            MemorySegment.copy(tag, 0, to, ValueLayout.JAVA_BYTE, esp + start + length, icv);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    @Override
    public boolean open(MemorySegment memory, long esp, int length, long sequence) {
        int start = HEADER + iv;
        reserve(start + length + 4);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, esp, covered, 0, start + length);
        try {
            authenticate(start + length, sequence);
            // Every octet is looked at, whatever the first ones say: the time must not tell where they differ.
            int difference = 0;
            for (int i = 0; i < icv; i++) {
                difference |= (tag[i] & 0xff) ^ Octets.u8(memory, esp + start + length + i);
            }
            if (difference != 0) {
                return false;
            }
            cbc.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(covered, HEADER, iv));
            int made = cbc.doFinal(covered, start, length, input, 0);
            MemorySegment.copy(input, 0, memory, ValueLayout.JAVA_BYTE, esp + start, made);
            return true;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening failed", e);
        }
    }

    private void authenticate(int length, long sequence) throws GeneralSecurityException {
        int end = length;
        if (esn) {
            // RFC 4303 section 2.2.1: the high half is not transmitted but follows the text in the computation.
            JdkAead.put32(covered, end, (int) (sequence >>> 32));
            end += 4;
        }
        mac.update(covered, 0, end);
        mac.doFinal(tag, 0);
    }

    private void reserve(int size) {
        if (covered.length < size) {
            input = new byte[size];
            covered = new byte[size];
        }
    }
}
