package io.sallyport.ike;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Secret;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the IKE endpoint wants done, in this order, before it is told anything else. */
public sealed interface IkeAction {
    /** Send. The non-ESP marker is to be added when {@code local.port()} is the NAT traversal port. */
    record Send(Endpoint local, Endpoint remote, Bytes message) implements IkeAction {}

    /** Send one octet 0xff: a NAT keepalive (RFC 3948 section 2.3). */
    record SendKeepalive(Endpoint local, Endpoint remote) implements IkeAction {}

    /** The earliest moment at which {@link IkeEvent.Deadline} must come; replaces any earlier wish. */
    record Wake(Monotonic at, String reason) implements IkeAction {}

    /** A question that takes time; the answer comes as {@link IkeEvent.Answered} with the same number. */
    record Ask(long ask, Question question) implements IkeAction {}

    /**
     * Carry packets inward on this child from now on. Outward too at once when {@code outbound}; else only after
     * {@link UseOutbound} (a responder of a rekey waits until the initiator uses the new child, RFC 7296 section 2.8).
     */
    record InstallChild(ChildSa child, boolean outbound) implements IkeAction {}

    /** From now on packets that fit this child leave by it, and by no older child of the same config. */
    record UseOutbound(long childId) implements IkeAction {}

    /**
     * Send nothing on this child any more; take packets for {@code linger} longer, because some are still on their way.
     */
    record RemoveChild(long childId, Duration linger) implements IkeAction {}

    /**
     * One end's address changed, proven by an authenticated packet. Port 0 means IP protocol 50 from now on, any other port
     * UDP, whatever it was before.
     */
    record MoveChild(long childId, Endpoint local, Endpoint remote) implements IkeAction {}

    /** Something worth knowing happened. */
    record Note(IkeFact fact) implements IkeAction {}

    /** The addresses of a client go back to the pool, which keeps them for it as long as it can. */
    record ReleaseLease(String pool, String client) implements IkeAction {}

    /** What is asked: whatever takes time, or needs something that the machine must not see. */
    sealed interface Question {
        /** About Diffie-Hellman. */
        sealed interface OfKeyExchange extends Question {}

        /** About who somebody is, and what it is given. */
        sealed interface OfIdentity extends Question {}

        /** Make a key pair. */
        record MakeKeyPair(KeyExchangeMethod method) implements OfKeyExchange {}

        /** Combine our private value with the peer's public one, after checking the latter (RFC 6989). */
        record Agree(KeyExchangeMethod method, IkeEvent.PrivateValue privateValue, Bytes peerPublic)
                implements OfKeyExchange {}

        /** Both at once: a responder's one step. */
        record MakeAndAgree(KeyExchangeMethod method, Bytes peerPublic) implements OfKeyExchange {}

        /**
         * Sign.
         *
         * @param credential the {@link Authentication.Certificate#name()} of ours
         * @param octets what is signed
         * @param ocsp the peer would like to see an OCSP response with it (RFC 4806)
         */
        record Sign(String credential, SignatureScheme scheme, Bytes octets, boolean ocsp) implements OfIdentity {
            public Sign(String credential, SignatureScheme scheme, Bytes octets) {
                this(credential, scheme, octets, false);
            }
        }

        /**
         * Judge the peer's proof: its chain up to somebody whom {@code trust} names, its revocation, whether the
         * certificate is that of {@code claimed}, and only then the signature.
         *
         * @param claimed the identity in the peer's ID payload
         * @param proof the AUTH payload's data, or IKEv1's SIG payload
         */
        record Verify(
                String trust,
                SignatureScheme scheme,
                Identity claimed,
                CertificateChain chain,
                int method,
                Bytes proof,
                Bytes octets)
                implements OfIdentity {}

        /** The authorities of {@code trust}, to be named in a CERTREQ. */
        record Authorities(String trust) implements OfIdentity {}

        /** As EAP server: begin, or go on with what the client answered. */
        record EapServer(EapStep step) implements OfIdentity {}

        /** As EAP client: answer what the server asked. */
        record EapClient(EapStep step) implements OfIdentity {}

        /** XAuth: is this the user's password? */
        record CheckPassword(String name, String user, Secret password, Endpoint remote) implements OfIdentity {}

        /**
         * Addresses for a client.
         *
         * @param client its identity as text; the same gets the same again while that is free
         * @param wished what it asked for, which it gets when it is free
         */
        record Lease(String pool, String client, boolean ipv4, boolean ipv6, List<Address> wished)
                implements OfIdentity {}
    }

    /** How a signature is made and written down. */
    sealed interface SignatureScheme {
        /**
         * The AUTH payload of IKEv2: method 14 with its algorithm when both ends know RFC 7427, else 1, 9, 10 or 11.
         *
         * @param hashes what the verifier understands, as in SIGNATURE_HASH_ALGORITHMS; empty: the methods of old
         */
        record Ikev2(List<Integer> hashes) implements SignatureScheme {
            public Ikev2 {
                hashes = List.copyOf(hashes);
            }
        }

        /** The SIG payload of IKEv1 (RFC 2409 section 5.1, RFC 4754): the octets are HASH_I or HASH_R, signed as they are. */
        record Ikev1() implements SignatureScheme {}
    }

    /**
     * What came in CERT payloads.
     *
     * @param certificates DER, the end entity first
     * @param crls DER
     * @param ocsp DER of an OCSPResponse for the end entity (RFC 4806)
     */
    record CertificateChain(List<Bytes> certificates, List<Bytes> crls, Optional<Bytes> ocsp) {
        public CertificateChain {
            certificates = List.copyOf(certificates);
            crls = List.copyOf(crls);
        }
    }

    /**
     * One step of a conversation.
     *
     * @param name the {@link Authentication.Eap#name()}
     * @param identity what the initiator called itself in IDi
     * @param remote where it is, for RADIUS
     * @param conversation absent at the beginning
     * @param received the EAP packet that came; absent when a server begins
     */
    record EapStep(
            String name,
            Identity identity,
            Endpoint remote,
            Optional<IkeEvent.EapConversation> conversation,
            Optional<Bytes> received) {}
}
