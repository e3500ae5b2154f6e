package io.sallyport.crypto;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Protects the content of an Encrypted payload in one direction of an IKE SA: RFC 7296 section 3.14 for a cipher with
 * an integrity algorithm, RFC 5282 for a combined-mode cipher. Not thread-safe.
 */
public final class MessageCipher {
    private final EncryptionAlgorithm encryption;
    private final IntegrityAlgorithm integrity;
    private final SecretKeySpec key;
    private final byte[] salt;
    private final Secret integrityKey;

    /**
     * @param key SK_ei or SK_er, the salt of a combined-mode cipher after the key proper
     * @param integrityKey SK_ai or SK_ar; empty for a combined-mode cipher
     */
    public MessageCipher(
            EncryptionAlgorithm encryption, IntegrityAlgorithm integrity, Secret key, Secret integrityKey) {
        if (key.size() != encryption.keyOctets() + encryption.saltOctets()
                || integrityKey.size() != integrity.keyOctets()) {
            throw new IllegalArgumentException("wrong key length for " + encryption + "/" + integrity);
        }
        this.encryption = encryption;
        this.integrity = integrity;
        byte[] octets = key.expose();
        this.key = new SecretKeySpec(octets, 0, encryption.keyOctets(), jcaKeyName(encryption));
        this.salt = Arrays.copyOfRange(octets, encryption.keyOctets(), octets.length);
        this.integrityKey = integrityKey;
        Arrays.fill(octets, (byte) 0);
    }

    /** Octets that {@link #seal} makes of {@code plainSize}: IV, ciphertext with padding, ICV. */
    public int sealedSize(int plainSize) {
        return encryption.ivOctets() + padded(plainSize) + icvOctets();
    }

    /**
     * Encrypts and authenticates.
     *
     * @param associated the message from the IKE header up to and including the Encrypted payload's own header, every
     *     length in it already final
     * @param entropy for the IV
     * @return IV, ciphertext, ICV
     */
    public Bytes seal(Bytes associated, Bytes plain, Entropy entropy) {
        // RFC 7296 section 3.14: padding makes the whole a multiple of the block size; Pad Length counts the padding.
        byte[] padded = Arrays.copyOf(plain.toArray(), padded(plain.size()));
        padded[padded.length - 1] = (byte) (padded.length - 1 - plain.size());
        Bytes iv = entropy.bytes(encryption.ivOctets());
        try {
            if (encryption.isAead()) {
                Cipher cipher = aead(Cipher.ENCRYPT_MODE, iv);
                cipher.updateAAD(associated.toArray());
                return Bytes.concat(iv, Bytes.wrap(cipher.doFinal(padded)));
            }
            Bytes sealed =
                    Bytes.concat(iv, Bytes.wrap(cbc(Cipher.ENCRYPT_MODE, iv).doFinal(padded)));
            return Bytes.concat(sealed, Bytes.wrap(icv(associated, sealed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot encrypt with " + encryption, e);
        } finally {
            Arrays.fill(padded, (byte) 0);
        }
    }

    /**
     * Checks and decrypts what {@link #seal} made.
     *
     * @return the plaintext without padding
     * @throws Malformed when it is too short, not authentic, or its padding is impossible; no detail tells which
     *     octet was wrong
     */
    public Bytes open(Bytes associated, Bytes body) throws Malformed {
        int overhead = encryption.ivOctets() + icvOctets();
        int sealed = body.size() - overhead;
        if (sealed < 1 || sealed % encryption.blockOctets() != 0) {
            throw new Malformed(
                    "Encrypted payload", "its length of " + body.size() + " octets does not fit " + encryption);
        }
        Bytes iv = body.slice(0, encryption.ivOctets());
        byte[] padded = decrypt(associated, iv, body);
        int padLength = padded[padded.length - 1] & 0xff;
        if (padLength > padded.length - 1) {
            throw new Malformed("Pad Length", padLength + " exceeds the " + (padded.length - 1) + " octets before it");
        }
        Bytes plain = Bytes.of(padded, 0, padded.length - 1 - padLength);
        Arrays.fill(padded, (byte) 0);
        return plain;
    }

    private byte[] decrypt(Bytes associated, Bytes iv, Bytes body) throws Malformed {
        try {
            if (encryption.isAead()) {
                Cipher cipher = aead(Cipher.DECRYPT_MODE, iv);
                cipher.updateAAD(associated.toArray());
                return cipher.doFinal(body.slice(iv.size(), body.size()).toArray());
            }
            int end = body.size() - icvOctets();
            if (!MessageDigest.isEqual(
                    icv(associated, body.slice(0, end)),
                    body.slice(end, body.size()).toArray())) {
                throw new Malformed("Encrypted payload", "is not authentic");
            }
            return cbc(Cipher.DECRYPT_MODE, iv)
                    .doFinal(body.slice(iv.size(), end).toArray());
        } catch (GeneralSecurityException e) {
            throw new Malformed("Encrypted payload", "is not authentic");
        }
    }

    private int padded(int plainSize) {
        int block = encryption.blockOctets();
        return (plainSize + 1 + block - 1) / block * block;
    }

    private int icvOctets() {
        return encryption.isAead() ? encryption.icvOctets() : integrity.icvOctets();
    }

    private Cipher aead(int mode, Bytes iv) throws GeneralSecurityException {
        byte[] nonce = Bytes.concat(Bytes.of(salt), iv).toArray();
        if (encryption == EncryptionAlgorithm.CHACHA20_POLY1305) {
            Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
            cipher.init(mode, key, new IvParameterSpec(nonce));
            return cipher;
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * encryption.icvOctets(), nonce));
        return cipher;
    }

    private Cipher cbc(int mode, Bytes iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(
                encryption == EncryptionAlgorithm.TRIPLE_DES_CBC ? "DESede/CBC/NoPadding" : "AES/CBC/NoPadding");
        cipher.init(mode, key, new IvParameterSpec(iv.toArray()));
        return cipher;
    }

    private byte[] icv(Bytes associated, Bytes sealed) throws GeneralSecurityException {
        byte[] octets = integrityKey.expose();
        Mac mac = Mac.getInstance(integrity.jcaName());
        mac.init(new SecretKeySpec(octets, integrity.jcaName()));
        Arrays.fill(octets, (byte) 0);
        mac.update(associated.toArray());
        mac.update(sealed.toArray());
        return Arrays.copyOf(mac.doFinal(), integrity.icvOctets());
    }

    private static String jcaKeyName(EncryptionAlgorithm encryption) {
        return switch (encryption) {
            case TRIPLE_DES_CBC -> "DESede";
            case CHACHA20_POLY1305 -> "ChaCha20";
            case AES_CBC_128, AES_CBC_192, AES_CBC_256, AES_GCM_16_128, AES_GCM_16_192, AES_GCM_16_256 -> "AES";
        };
    }
}
