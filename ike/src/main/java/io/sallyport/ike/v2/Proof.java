package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.Prf;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.v2.message.Payload;

/** The AUTH payload, RFC 7296 section 2.15. */
final class Proof {
    private static final Bytes KEY_PAD = Bytes.utf8("Key Pad for IKEv2");

    /**
     * What one end proves.
     *
     * @param message the IKE_SA_INIT message that this end sent, as it was on the wire
     * @param nonce of the other end
     * @param id of this end
     * @param skp SK_pi or SK_pr, this end's
     */
    record Claim(Bytes message, Bytes nonce, Payload.Id id, Secret skp) {}

    private Proof() {}

    static Payload.Auth make(IkeKeys keys, Authentication authentication, Claim claim) {
        return switch (authentication) {
            case Authentication.PreSharedKey(Secret key) ->
                new Payload.Auth(
                        Payload.Auth.SHARED_KEY,
                        Bytes.wrap(sharedKeyCode(keys, key, claim).expose()));
            case Authentication.Certificate _, Authentication.Eap _ -> throw new IllegalStateException("not made here");
        };
    }

    static boolean holds(IkeKeys keys, Authentication authentication, Claim claim, Payload.Auth auth) {
        return switch (authentication) {
            case Authentication.PreSharedKey(Secret key) ->
                auth.method() == Payload.Auth.SHARED_KEY
                        // Secret compares in constant time.
                        && sharedKeyCode(keys, key, claim)
                                .equals(Secret.wrap(auth.data().toArray()));
            case Authentication.Certificate _, Authentication.Eap _ -> false;
        };
    }

    /** prf( prf(Shared Secret, "Key Pad for IKEv2"), SignedOctets ). */
    private static Secret sharedKeyCode(IkeKeys keys, Secret shared, Claim claim) {
        Secret macedId = Prf.of(keys.prf(), claim.skp, claim.id.restOfPayload());
        Secret padded = Prf.of(keys.prf(), shared, KEY_PAD);
        return Prf.of(keys.prf(), padded, claim.message, claim.nonce, Bytes.wrap(macedId.expose()));
    }
}
