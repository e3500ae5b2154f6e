package io.sallyport.crypto;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A block cipher chained over whole blocks, as IKEv1 protects its messages (RFC 2409 appendix B): the IV is the caller's,
 * and so is whatever tells that the content is authentic.
 */
public final class CbcCipher {
    private final EncryptionAlgorithm encryption;
    private final SecretKeySpec key;

    /** @throws IllegalArgumentException when {@code encryption} is no CBC cipher, or the key is not as long as its */
    public CbcCipher(EncryptionAlgorithm encryption, Secret key) {
        if (!isCbc(encryption) || key.size() != encryption.keyOctets()) {
            throw new IllegalArgumentException(encryption + " with a key of " + key.size() + " octets");
        }
        this.encryption = encryption;
        byte[] octets = key.expose();
        this.key = new SecretKeySpec(octets, encryption == EncryptionAlgorithm.TRIPLE_DES_CBC ? "DESede" : "AES");
        Arrays.fill(octets, (byte) 0);
    }

    public static boolean isCbc(EncryptionAlgorithm encryption) {
        return !encryption.isAead();
    }

    public int blockOctets() {
        return encryption.blockOctets();
    }

    /** @param plain a multiple of {@link #blockOctets()} */
    public Bytes encrypt(Bytes iv, Bytes plain) {
        try {
            return Bytes.wrap(cipher(Cipher.ENCRYPT_MODE, iv).doFinal(plain.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot encrypt with " + encryption, e);
        }
    }

    /** @throws Malformed when it is not a multiple of {@link #blockOctets()}, or nothing */
    public Bytes decrypt(Bytes iv, Bytes sealed) throws Malformed {
        if (sealed.isEmpty() || sealed.size() % blockOctets() != 0) {
            throw new Malformed("encrypted part", sealed.size() + " octets are not blocks of " + encryption);
        }
        try {
            return Bytes.wrap(cipher(Cipher.DECRYPT_MODE, iv).doFinal(sealed.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot decrypt with " + encryption, e);
        }
    }

    private Cipher cipher(int mode, Bytes iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(
                encryption == EncryptionAlgorithm.TRIPLE_DES_CBC ? "DESede/CBC/NoPadding" : "AES/CBC/NoPadding");
        cipher.init(mode, key, new IvParameterSpec(iv.toArray()));
        return cipher;
    }
}
