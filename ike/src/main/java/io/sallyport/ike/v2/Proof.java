package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.Prf;
import io.sallyport.ike.v2.message.Payload;

/** The AUTH payload, RFC 7296 sections 2.15 and 2.16. */
final class Proof {
    private static final Bytes KEY_PAD = Bytes.utf8("Key Pad for IKEv2");

    /**
     * What one end proves.
     *
     * @param message the IKE_SA_INIT message that this end sent, as it was on the wire
     * @param nonce of the other end
     * @param id of this end, the latest that it sent
     * @param skp SK_pi or SK_pr, this end's
     */
    record Claim(Bytes message, Bytes nonce, Payload.Id id, Secret skp) {
        static Claim ofInitiator(SaState.Transcript transcript, IkeKeys keys, Payload.Id id) {
            return new Claim(transcript.request(), transcript.nonces().responder(), id, keys.pi());
        }

        static Claim ofResponder(SaState.Transcript transcript, IkeKeys keys, Payload.Id id) {
            return new Claim(transcript.response(), transcript.nonces().initiator(), id, keys.pr());
        }
    }

    private Proof() {}

    /** By a key that both ends have: configured, or made by an EAP method. */
    static Payload.Auth byKey(IkeKeys keys, Secret shared, Claim claim) {
        return new Payload.Auth(
                Payload.Auth.SHARED_KEY, Bytes.wrap(code(keys, shared, claim).expose()));
    }

    static boolean holds(IkeKeys keys, Secret shared, Claim claim, Payload.Auth auth) {
        return auth.method() == Payload.Auth.SHARED_KEY
                // Secret compares in constant time.
                && code(keys, shared, claim).equals(Secret.wrap(auth.data().toArray()));
    }

    /** What is signed: RealMessage | Nonce | MACedID. */
    static Bytes octets(IkeKeys keys, Claim claim) {
        Secret macedId = Prf.of(keys.prf(), claim.skp, claim.id.restOfPayload());
        return Bytes.concat(claim.message, claim.nonce, Bytes.wrap(macedId.expose()));
    }

    /** prf( prf(Shared Secret, "Key Pad for IKEv2"), SignedOctets ). */
    private static Secret code(IkeKeys keys, Secret shared, Claim claim) {
        Secret padded = Prf.of(keys.prf(), shared, KEY_PAD);
        return Prf.of(keys.prf(), padded, octets(keys, claim));
    }
}
