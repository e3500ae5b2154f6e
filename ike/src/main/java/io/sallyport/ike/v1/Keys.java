package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.CbcCipher;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.Hash;
import io.sallyport.crypto.Prf;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.IkeSuite;
import java.util.Arrays;
import java.util.Optional;

/**
 * What protects an ISAKMP SA, RFC 2409 section 5.
 *
 * @param skeyid from which the others come, and the two proofs
 * @param d SKEYID_d, from which the children's keys come
 * @param a SKEYID_a, which authenticates messages of phase 2
 * @param firstIv of the first encrypted message of phase 1
 */
record Keys(PrfAlgorithm prf, Secret skeyid, Secret d, Secret a, CbcCipher cipher, Bytes firstIv) {
    /** What both ends contributed in public. */
    record Publics(Bytes initiator, Bytes responder) {}

    /** RFC 2409 section 5: "For pre-shared keys: SKEYID = prf(pre-shared-key, Ni_b | Nr_b)". */
    static Secret ofSharedKey(PrfAlgorithm prf, Secret key, Bytes nonces) {
        return Prf.of(prf, key, nonces);
    }

    /** RFC 2409 section 5: "For signatures: SKEYID = prf(Ni_b | Nr_b, g^xy)". */
    static Secret ofSignatures(PrfAlgorithm prf, Bytes nonces, Secret shared) {
        return Prf.of(prf, Secret.wrap(nonces.toArray()), octets(shared));
    }

    static Keys of(IkeSuite suite, Secret skeyid, Spis spis, Secret shared, Publics publics) {
        PrfAlgorithm prf = suite.prf();
        Bytes gxy = octets(shared);
        Secret d = Prf.of(prf, skeyid, gxy, spis.both(), Bytes.ofInts(0));
        Secret a = Prf.of(prf, skeyid, octets(d), gxy, spis.both(), Bytes.ofInts(1));
        Secret e = Prf.of(prf, skeyid, octets(a), gxy, spis.both(), Bytes.ofInts(2));
        CbcCipher cipher = new CbcCipher(suite.encryption(), cipherKey(prf, e, suite.encryption()));
        // RFC 2409 appendix B: the IV of the first message is a hash of both public values.
        Bytes iv = Hash.of(prf, publics.initiator, publics.responder).slice(0, cipher.blockOctets());
        return new Keys(prf, skeyid, d, a, cipher, iv);
    }

    /** RFC 2409 appendix B: SKEYID_e when it is long enough, else what the prf makes of it round by round. */
    private static Secret cipherKey(PrfAlgorithm prf, Secret e, EncryptionAlgorithm encryption) {
        int size = encryption.keyOctets();
        if (size <= e.size()) {
            return e.slice(0, size);
        }
        Bytes all = Bytes.EMPTY;
        Bytes round = Bytes.ofInts(0);
        while (all.size() < size) {
            round = octets(Prf.of(prf, e, round));
            all = Bytes.concat(all, round);
        }
        return Secret.wrap(all.slice(0, size).toArray());
    }

    /** RFC 2409 appendix B: of the first message of an exchange after phase 1. */
    Bytes iv(Bytes lastPhase1Block, int messageId) {
        return Hash.of(prf, lastPhase1Block, messageIdOctets(messageId)).slice(0, cipher.blockOctets());
    }

    /** HASH(1), HASH(2) and HASH(3) of RFC 2409 section 5.5, depending on {@code parts}. */
    Bytes hash(Bytes... parts) {
        return octets(Prf.of(prf, a, parts));
    }

    /**
     * HASH_I or HASH_R, RFC 2409 section 5.
     *
     * @param with instead of the negotiated one, where a signature has a hash of its own
     */
    Bytes proof(
            Optional<PrfAlgorithm> with,
            Bytes ownPublic,
            Bytes otherPublic,
            long ownCookie,
            long otherCookie,
            Bytes saBody,
            Bytes idBody) {
        return octets(Prf.of(
                with.orElse(prf),
                skeyid,
                ownPublic,
                otherPublic,
                Bytes.ofLong(ownCookie),
                Bytes.ofLong(otherCookie),
                saBody,
                idBody));
    }

    static Bytes messageIdOctets(int messageId) {
        return Bytes.ofLong(messageId).slice(4, 8);
    }

    /** Compares without telling by time where they differ. */
    static boolean same(Bytes a, Bytes b) {
        return Secret.wrap(a.toArray()).equals(Secret.wrap(b.toArray()));
    }

    private static Bytes octets(Secret secret) {
        return Bytes.wrap(secret.expose());
    }

    void destroy() {
        skeyid.destroy();
        d.destroy();
        a.destroy();
    }

    /** KEYMAT of one direction, RFC 2409 section 5.5. */
    record Keymat(Secret encryption, Secret integrity) {}

    /**
     * @param shared of the quick mode's own key exchange, else empty
     * @param spi of the end that receives
     */
    Keymat keymat(Bytes shared, int spi, Bytes nonces, int encryptionOctets, int integrityOctets) {
        int size = encryptionOctets + integrityOctets;
        Bytes seed = Bytes.concat(shared, Bytes.ofInts(3), Bytes.ofLong(spi).slice(4, 8), nonces);
        byte[] all = new byte[0];
        byte[] round = new byte[0];
        while (all.length < size) {
            round = Prf.of(prf, d, Bytes.of(round), seed).expose();
            int at = all.length;
            all = Arrays.copyOf(all, at + round.length);
            System.arraycopy(round, 0, all, at, round.length);
        }
        Secret whole = Secret.wrap(all);
        Keymat keymat = new Keymat(whole.slice(0, encryptionOctets), whole.slice(encryptionOctets, size));
        whole.destroy();
        return keymat;
    }
}
