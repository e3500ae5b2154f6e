package io.sallyport.ike;

import io.sallyport.base.Secret;
import java.util.List;

/**
 * What each end must prove. More than one on a side is done one after the other (RFC 4739), and EAP is the last of them.
 *
 * @param own what we prove; empty: nothing but the key of the EAP method that the peers run (RFC 5998)
 * @param peers what the peer must prove; empty: nothing but the key of the EAP method that we run as its client
 */
public record Proofs(List<Authentication> own, List<Authentication> peers) {
    public Proofs {
        own = List.copyOf(own);
        peers = List.copyOf(peers);
        if (own.isEmpty() && !endsWithEap(peers) || peers.isEmpty() && !endsWithEap(own)) {
            throw new IllegalArgumentException("an end that proves nothing");
        }
    }

    /** Both ends know the same key. */
    public static Proofs sharedKey(Secret key) {
        List<Authentication> one = List.of(new Authentication.PreSharedKey(key));
        return new Proofs(one, one);
    }

    private static boolean endsWithEap(List<Authentication> proofs) {
        return !proofs.isEmpty() && proofs.getLast() instanceof Authentication.Eap;
    }
}
