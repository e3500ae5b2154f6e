package io.sallyport.ike.v1;

import io.sallyport.base.Secret;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.Ikev1Options;
import io.sallyport.ike.PeerConfig;
import java.util.List;
import java.util.Optional;

/** How the two machines prove themselves in phase 1; both do it the same way. */
sealed interface Way {
    record SharedKey(Secret key) implements Way {}

    /** @param trust whom we believe about the peer's certificate */
    record Signature(String credential, String trust) implements Way {}

    /** Nothing when the proofs are such that IKEv1 cannot carry them. */
    static Optional<Way> of(PeerConfig peer) {
        if (peer.proofs().own().isEmpty() || peer.proofs().peers().isEmpty()) {
            return Optional.empty();
        }
        Authentication own = peer.proofs().own().getFirst();
        Authentication theirs = peer.proofs().peers().getFirst();
        if (own instanceof Authentication.PreSharedKey(Secret key) && theirs instanceof Authentication.PreSharedKey) {
            return Optional.of(new SharedKey(key));
        }
        if (own instanceof Authentication.Certificate(String credential)
                && theirs instanceof Authentication.Certificate(String trust)) {
            return Optional.of(new Signature(credential, trust));
        }
        return Optional.empty();
    }

    /** Values of the attribute "Authentication Method", RFC 2409 appendix A, RFC 4754, draft-ietf-ipsec-isakmp-xauth-06. */
    final class Method {
        static final int SHARED_KEY = 1;
        static final int RSA = 3;
        static final int ECDSA_256 = 9;
        static final int ECDSA_384 = 10;
        static final int ECDSA_521 = 11;
        static final int XAUTH_INIT_SHARED_KEY = 65001;
        static final int XAUTH_RESP_SHARED_KEY = 65002;
        static final int XAUTH_INIT_RSA = 65005;
        static final int XAUTH_RESP_RSA = 65006;

        private Method() {}

        /**
         * The only value we agree to. The two methods with RSA encryption are never among them: they make an oracle of
         * the key.
         *
         * @param signature what our key can do, of {@link #RSA} and the ECDSA ones; not looked at for a shared key
         * @param initiator whether we began
         */
        static int of(PeerConfig peer, Way way, int signature, boolean initiator) {
            Optional<Ikev1Options.Xauth> xauth = peer.ikev1().xauth();
            if (xauth.isEmpty()) {
                return switch (way) {
                    case SharedKey _ -> SHARED_KEY;
                    case Signature _ -> signature;
                };
            }
            // The method names the end whose user is asked for a password.
            boolean initiatorsUser = initiator
                    == switch (xauth.get()) {
                        case Ikev1Options.Xauth.Client _ -> true;
                        case Ikev1Options.Xauth.Server _ -> false;
                    };
            return switch (way) {
                case SharedKey _ -> initiatorsUser ? XAUTH_INIT_SHARED_KEY : XAUTH_RESP_SHARED_KEY;
                case Signature _ -> initiatorsUser ? XAUTH_INIT_RSA : XAUTH_RESP_RSA;
            };
        }

        /**
         * The hash that a kind of signature is tied to (RFC 4754 section 3). RFC 2409 section 5.1: then what is signed is
         * made with "the HMAC version of the hash algorithm associated with the signature method".
         */
        static Optional<PrfAlgorithm> hash(int method) {
            return switch (method) {
                case ECDSA_256 -> Optional.of(PrfAlgorithm.HMAC_SHA2_256);
                case ECDSA_384 -> Optional.of(PrfAlgorithm.HMAC_SHA2_384);
                case ECDSA_521 -> Optional.of(PrfAlgorithm.HMAC_SHA2_512);
                default -> Optional.empty();
            };
        }

        static String name(long method) {
            return switch ((int) method) {
                case SHARED_KEY -> "shared key";
                case 2 -> "DSS signature";
                case RSA -> "RSA signature";
                case 4, 5 -> "RSA encryption";
                case ECDSA_256, ECDSA_384, ECDSA_521 -> "ECDSA signature";
                case XAUTH_INIT_SHARED_KEY, XAUTH_RESP_SHARED_KEY -> "shared key and XAuth";
                case XAUTH_INIT_RSA, XAUTH_RESP_RSA -> "RSA signature and XAuth";
                default -> "authentication method " + method;
            };
        }

        static List<Integer> signatures() {
            return List.of(RSA, ECDSA_256, ECDSA_384, ECDSA_521);
        }
    }
}
