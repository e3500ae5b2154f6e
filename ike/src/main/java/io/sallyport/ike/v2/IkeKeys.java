package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.MessageCipher;
import io.sallyport.crypto.Prf;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.v2.message.Protection;

/**
 * The seven keys of an IKE SA, RFC 7296 section 2.14.
 *
 * @param prf the negotiated function
 * @param d from which the children's keys and the next IKE SA's come
 * @param ei with salt
 */
record IkeKeys(PrfAlgorithm prf, Secret d, Secret ai, Secret ar, Secret ei, Secret er, Secret pi, Secret pr) {
    /** What both ends contributed. */
    record Nonces(Bytes initiator, Bytes responder) {
        Bytes both() {
            return Bytes.concat(initiator, responder);
        }

        Bytes lowest() {
            // RFC 7296 section 2.8.1: "lowest" means octet by octet.
            return initiator.compareTo(responder) <= 0 ? initiator : responder;
        }
    }

    /** The two SPIs of an IKE SA. */
    record Spis(long initiator, long responder) {
        Bytes both() {
            return Bytes.concat(Bytes.ofLong(initiator), Bytes.ofLong(responder));
        }
    }

    /** Of a first IKE SA: SKEYSEED = prf(Ni | Nr, g^ir). */
    static IkeKeys first(IkeSuite suite, Nonces nonces, Spis spis, Secret shared) {
        Secret skeyseed = Prf.of(suite.prf(), Secret.wrap(nonces.both().toArray()), Bytes.wrap(shared.expose()));
        return expand(suite, skeyseed, nonces, spis);
    }

    /** Of an IKE SA that replaces one with {@code old}: SKEYSEED = prf(SK_d (old), g^ir (new) | Ni | Nr). */
    static IkeKeys rekeyed(IkeSuite suite, IkeKeys old, Nonces nonces, Spis spis, Secret shared) {
        // RFC 7296 section 2.18: "The old and new IKE SA may have selected a different PRF. Because the rekeying
        // exchange
        // belongs to the old IKE SA, it is the old IKE SA's PRF that is used" for SKEYSEED.
        Secret skeyseed = Prf.of(old.prf, old.d, Bytes.wrap(shared.expose()), nonces.both());
        return expand(suite, skeyseed, nonces, spis);
    }

    private static IkeKeys expand(IkeSuite suite, Secret skeyseed, Nonces nonces, Spis spis) {
        int prf = suite.prf().outputOctets();
        int integrity = suite.integrity().keyOctets();
        int encryption = suite.encryption().keyOctets() + suite.encryption().saltOctets();
        Secret all = Prf.plus(
                suite.prf(),
                skeyseed,
                Bytes.concat(nonces.both(), spis.both()),
                3 * prf + 2 * integrity + 2 * encryption);
        int ai = prf;
        int ar = ai + integrity;
        int ei = ar + integrity;
        int er = ei + encryption;
        int pi = er + encryption;
        int pr = pi + prf;
        IkeKeys keys = new IkeKeys(
                suite.prf(),
                all.slice(0, ai),
                all.slice(ai, ar),
                all.slice(ar, ei),
                all.slice(ei, er),
                all.slice(er, pi),
                all.slice(pi, pr),
                all.slice(pr, pr + prf));
        all.destroy();
        skeyseed.destroy();
        return keys;
    }

    Protection protection(IkeSuite suite, boolean weAreInitiator, boolean fragments) {
        MessageCipher fromInitiator = new MessageCipher(suite.encryption(), suite.integrity(), ei, ai);
        MessageCipher fromResponder = new MessageCipher(suite.encryption(), suite.integrity(), er, ar);
        return weAreInitiator
                ? new Protection(fromInitiator, fromResponder, fragments)
                : new Protection(fromResponder, fromInitiator, fragments);
    }

    void destroy() {
        d.destroy();
        ai.destroy();
        ar.destroy();
        ei.destroy();
        er.destroy();
        pi.destroy();
        pr.destroy();
    }
}
