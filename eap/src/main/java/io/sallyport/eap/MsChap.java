package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.MD4Digest;

/** The arithmetic of MS-CHAPv2 (RFC 2759 section 8) and the keys that come out of it (RFC 3079 section 3). */
final class MsChap {
    static final int CHALLENGE = 16;
    static final int NT_RESPONSE = 24;

    private static final byte[] MAGIC_SERVER_1 = ascii("Magic server to client signing constant");
    private static final byte[] MAGIC_SERVER_2 = ascii("Pad to make it do more than one iteration");
    private static final byte[] MAGIC_MASTER = ascii("This is the MPPE Master Key");
    private static final byte[] MAGIC_CLIENT_SENDS =
            ascii("On the client side, this is the send key; on the server side, it is the receive key.");
    private static final byte[] MAGIC_CLIENT_RECEIVES =
            ascii("On the client side, this is the receive key; on the server side, it is the send key.");
    private static final int HALF_KEY = 16;
    private static final int MSK = 64;

    private MsChap() {}

    /** MD4 over the password in UTF-16, little end first. */
    static byte[] passwordHash(Secret password) {
        byte[] utf8 = password.expose();
        byte[] utf16 = new String(utf8, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16LE);
        try {
            return md4(utf16);
        } finally {
            Arrays.fill(utf8, (byte) 0);
            Arrays.fill(utf16, (byte) 0);
        }
    }

    static byte[] md4(byte[] octets) {
        MD4Digest digest = new MD4Digest();
        digest.update(octets, 0, octets.length);
        byte[] out = new byte[digest.getDigestSize()];
        digest.doFinal(out, 0);
        return out;
    }

    /** @param user without its domain */
    static byte[] challengeHash(Bytes peer, Bytes authenticator, String user) {
        byte[] whole = sha1(peer.toArray(), authenticator.toArray(), user.getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(whole, 8);
    }

    /** GenerateNTResponse. */
    static byte[] response(Bytes authenticator, Bytes peer, String user, byte[] passwordHash) {
        byte[] challenge = challengeHash(peer, authenticator, user);
        byte[] keys = Arrays.copyOf(passwordHash, 21);
        byte[] out = new byte[NT_RESPONSE];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(des(challenge, Arrays.copyOfRange(keys, 7 * i, 7 * i + 7)), 0, out, 8 * i, 8);
        }
        return out;
    }

    /** GenerateAuthenticatorResponse: {@code S=} and forty hexadecimal digits. */
    static String authenticator(byte[] passwordHash, byte[] response, Bytes peer, Bytes authenticator, String user) {
        byte[] first = sha1(md4(passwordHash), response, MAGIC_SERVER_1);
        byte[] second = sha1(first, challengeHash(peer, authenticator, user), MAGIC_SERVER_2);
        return "S=" + Bytes.wrap(second).hex().toUpperCase(Locale.ROOT);
    }

    /** The server's receive key, its send key, and zeros. */
    static Secret msk(byte[] passwordHash, byte[] response) {
        byte[] master = Arrays.copyOf(sha1(md4(passwordHash), response, MAGIC_MASTER), HALF_KEY);
        byte[] out = new byte[MSK];
        System.arraycopy(half(master, MAGIC_CLIENT_SENDS), 0, out, 0, HALF_KEY);
        System.arraycopy(half(master, MAGIC_CLIENT_RECEIVES), 0, out, HALF_KEY, HALF_KEY);
        return Secret.wrap(out);
    }

    /** GetAsymmetricStartKey for 128 bits. */
    private static byte[] half(byte[] master, byte[] magic) {
        byte[] pad1 = new byte[40];
        byte[] pad2 = new byte[40];
        Arrays.fill(pad2, (byte) 0xf2);
        return Arrays.copyOf(sha1(master, pad1, magic, pad2), HALF_KEY);
    }

    /** What stands behind the domain of {@code DOMAIN\\user}. */
    static String withoutDomain(String user) {
        return user.substring(user.indexOf('\\') + 1);
    }

    private static byte[] des(byte[] block, byte[] seven) {
        long bits = 0;
        for (byte each : seven) {
            bits = bits << 8 | each & 0xff;
        }
        byte[] key = new byte[8];
        for (int i = 0; i < 8; i++) {
            key[i] = (byte) ((bits >>> (49 - 7 * i) & 0x7f) << 1);
        }
        try {
            Cipher cipher = Cipher.getInstance("DES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
            return cipher.doFinal(block);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no DES", e);
        }
    }

    private static byte[] sha1(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
