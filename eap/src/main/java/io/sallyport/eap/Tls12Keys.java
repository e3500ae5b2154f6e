package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What RFC 5216 section 2.3 makes of a handshake of TLS 1.2: PRF(master secret, label, client random + server random). */
final class Tls12Keys {
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_HELLO = 2;
    /** Header of the record, header of the message, version. */
    private static final int RANDOM_AT = 5 + 4 + 2;

    private static final int RANDOM = 32;

    private Optional<Bytes> client = Optional.empty();
    private Optional<Bytes> server = Optional.empty();

    /** Looks for the two randoms in records that go or come; only the first hello of each end counts. */
    void look(Bytes records) {
        if (records.size() < RANDOM_AT + RANDOM || records.at(0) != HANDSHAKE) {
            return;
        }
        Optional<Bytes> random = Optional.of(records.slice(RANDOM_AT, RANDOM_AT + RANDOM));
        if (records.at(5) == CLIENT_HELLO && client.isEmpty()) {
            client = random;
        } else if (records.at(5) == SERVER_HELLO && server.isEmpty()) {
            server = random;
        }
    }

    /** @return empty when a hello was not seen as such */
    Optional<Secret> export(Secret master, String cipherSuite, String label, int size) {
        if (client.isEmpty() || server.isEmpty()) {
            return Optional.empty();
        }
        // RFC 5246 section 5: SHA-256, unless the suite says otherwise.
        String hash = cipherSuite.endsWith("_SHA384") ? "HmacSHA384" : "HmacSHA256";
        return Optional.of(prf(hash, master, label, Bytes.concat(client.get(), server.get()), size));
    }

    /** RFC 5246 section 5. */
    static Secret prf(String hmac, Secret secret, String label, Bytes seed, int size) {
        byte[] key = secret.expose();
        byte[] labelled = Bytes.concat(Bytes.of(label.getBytes(StandardCharsets.US_ASCII)), seed)
                .toArray();
        try {
            Mac mac = Mac.getInstance(hmac);
            mac.init(new SecretKeySpec(key, hmac));
            byte[] out = new byte[size];
            byte[] chain = labelled;
            for (int at = 0; at < size; at += mac.getMacLength()) {
                chain = mac.doFinal(chain);
                mac.update(chain);
                byte[] block = mac.doFinal(labelled);
                System.arraycopy(block, 0, out, at, Math.min(block.length, size - at));
                Arrays.fill(block, (byte) 0);
            }
            return Secret.wrap(out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + hmac, e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
