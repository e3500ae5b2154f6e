package io.sallyport.radius;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the shared secret proves and hides (RFC 2865 sections 3 and 5.2, RFC 2866 section 3, RFC 2548, RFC 3579 section 3.2). */
final class Authenticity {
    static final int SIZE = 16;
    private static final Bytes ZEROS = Bytes.wrap(new byte[SIZE]);

    private Authenticity() {}

    /** An Access-Request with a Message-Authenticator as its first attribute, which BlastRADIUS cannot get around. */
    static RadiusPacket access(int identifier, Bytes random, List<Attribute> attributes, Secret secret) {
        List<Attribute> all = new ArrayList<>();
        all.add(new Attribute(Attribute.MESSAGE_AUTHENTICATOR, ZEROS));
        all.addAll(attributes);
        RadiusPacket zeroed = new RadiusPacket(RadiusPacket.ACCESS_REQUEST, identifier, random, all);
        all.set(0, new Attribute(Attribute.MESSAGE_AUTHENTICATOR, hmac(zeroed.write(), secret)));
        return new RadiusPacket(RadiusPacket.ACCESS_REQUEST, identifier, random, all);
    }

    /** An Accounting-Request: its authenticator is a digest of the whole. */
    static RadiusPacket accounting(int identifier, List<Attribute> attributes, Secret secret) {
        RadiusPacket zeroed = new RadiusPacket(RadiusPacket.ACCOUNTING_REQUEST, identifier, ZEROS, attributes);
        return zeroed.with(md5(secret, zeroed.write()));
    }

    /**
     * Whether an answer was made by somebody who knows the secret, for this very request.
     *
     * @throws Malformed says what is wrong
     */
    static void check(RadiusPacket answer, RadiusPacket request, RadiusServer server) throws Malformed {
        Secret secret = server.secret();
        Bytes expected = md5(secret, answer.with(request.authenticator()).write());
        if (!equal(expected, answer.authenticator())) {
            throw new Malformed("RADIUS response authenticator", "it does not fit; is the shared secret the same?");
        }
        List<Bytes> found = answer.all(Attribute.MESSAGE_AUTHENTICATOR);
        boolean demanded = answer.code() != RadiusPacket.ACCOUNTING_RESPONSE
                && (server.requireMessageAuthenticator() || hasEap(request) || hasEap(answer));
        if (found.size() > 1 || found.isEmpty() && demanded) {
            throw new Malformed(
                    "RADIUS Message-Authenticator",
                    "found " + found.size() + " in the answer; allowed: one (CVE-2024-3596)");
        }
        if (!found.isEmpty()) {
            List<Attribute> zeroed = answer.attributes().stream()
                    .map(a -> a.type() == Attribute.MESSAGE_AUTHENTICATOR ? new Attribute(a.type(), ZEROS) : a)
                    .toList();
            RadiusPacket signed = new RadiusPacket(answer.code(), answer.identifier(), request.authenticator(), zeroed);
            if (!equal(hmac(signed.write(), secret), found.getFirst())) {
                throw new Malformed("RADIUS Message-Authenticator", "it does not fit");
            }
        }
    }

    /** RFC 3579 section 3.2: whatever speaks of EAP is authentic by its Message-Authenticator or not at all. */
    private static boolean hasEap(RadiusPacket packet) {
        return !packet.all(Attribute.EAP_MESSAGE).isEmpty();
    }

    /** RFC 2865 section 5.2. At most 128 octets go into it. */
    static Optional<Bytes> password(Secret password, Bytes authenticator, Secret secret) {
        byte[] clear = password.expose();
        if (clear.length > 128) {
            return Optional.empty();
        }
        byte[] out = Arrays.copyOf(clear, Math.max(SIZE, (clear.length + SIZE - 1) / SIZE * SIZE));
        Arrays.fill(clear, (byte) 0);
        Bytes chain = authenticator;
        for (int at = 0; at < out.length; at += SIZE) {
            byte[] mask = md5(secret, chain, true).toArray();
            for (int i = 0; i < SIZE; i++) {
                out[at + i] ^= mask[i];
            }
            chain = Bytes.of(out, at, SIZE);
        }
        return Optional.of(Bytes.wrap(out));
    }

    /** MS-MPPE keys (RFC 2548 section 2.4.2); empty when it is none. */
    static Optional<Secret> key(Bytes value, Bytes requestAuthenticator, Secret secret) {
        int body = value.size() - 2;
        if (body < SIZE || body % SIZE != 0) {
            return Optional.empty();
        }
        byte[] out = new byte[body];
        Bytes chain = Bytes.concat(requestAuthenticator, value.slice(0, 2));
        for (int at = 0; at < body; at += SIZE) {
            byte[] mask = md5(secret, chain, true).toArray();
            for (int i = 0; i < SIZE; i++) {
                out[at + i] = (byte) (mask[i] ^ value.at(2 + at + i));
            }
            chain = value.slice(2 + at, 2 + at + SIZE);
        }
        int size = out[0] & 0xff;
        try {
            return size == 0 || size > 32 || size + 1 > out.length
                    ? Optional.empty()
                    : Optional.of(Secret.of(Arrays.copyOfRange(out, 1, 1 + size)));
        } finally {
            Arrays.fill(out, (byte) 0);
        }
    }

    static boolean equal(Bytes one, Bytes other) {
        return MessageDigest.isEqual(one.toArray(), other.toArray());
    }

    /** MD5 over the octets and the secret behind them. */
    private static Bytes md5(Secret secret, Bytes octets) {
        return md5(secret, octets, false);
    }

    private static Bytes md5(Secret secret, Bytes octets, boolean secretFirst) {
        byte[] key = secret.expose();
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(secretFirst ? key : octets.toArray());
            digest.update(secretFirst ? octets.toArray() : key);
            return Bytes.wrap(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no MD5", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    static Bytes hmac(Bytes octets, Secret secret) {
        byte[] key = secret.expose();
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacMD5"));
            return Bytes.wrap(mac.doFinal(octets.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HMAC-MD5", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
