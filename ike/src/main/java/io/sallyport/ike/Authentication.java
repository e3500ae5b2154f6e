package io.sallyport.ike;

import io.sallyport.base.Secret;

/**
 * One way in which an end proves who it is. Whatever needs a private key, a certificate store or a directory of users is
 * only named here: the shell knows what stands behind the name, and may change it while tunnels run.
 */
public sealed interface Authentication {
    /** RFC 7296 section 2.15, "shared key message integrity code"; RFC 2409 section 5.4. */
    record PreSharedKey(Secret key) implements Authentication {}

    /**
     * A signature that a certificate vouches for (RFC 7296 section 2.15, RFC 7427, RFC 2409 section 5.1).
     *
     * @param name of ours: the private key with its chain; of the peer: whom we trust for it
     */
    record Certificate(String name) implements Authentication {}

    /**
     * An EAP method inside of IKE_AUTH (RFC 7296 section 2.16). Only an IKEv2 initiator proves itself so.
     *
     * @param name ours: the credentials of the user; of the peer: who decides, here or behind RADIUS
     */
    record Eap(String name) implements Authentication {}
}
