package io.sallyport.ike;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What may happen to the IKE endpoint. */
public sealed interface IkeEvent {
    /**
     * A datagram that carries IKE. The non-ESP marker is already removed; {@code local.port()} tells which socket it
     * came to, 500 or 4500 (or what stands for them).
     */
    record Datagram(Endpoint local, Endpoint remote, Bytes message) implements IkeEvent {}

    /** Time has passed: something that was asked for by {@link IkeAction.Wake} may be due. */
    record Deadline() implements IkeEvent {}

    /** The configuration as a whole; peers that are gone or changed are closed, unchanged ones stay untouched. */
    record Configure(List<PeerConfig> peers) implements IkeEvent {}

    /** Start now. Ignored when the peer is up or being brought up. */
    record Connect(String peer) implements IkeEvent {}

    /** Close the peer's IKE SA and all of its children, politely. */
    record Disconnect(String peer) implements IkeEvent {}

    /** Rekey the IKE SA now. */
    record RekeyIke(String peer) implements IkeEvent {}

    /** Rekey this child now: a soft limit was met, or a person asked. */
    record RekeyChild(long childId) implements IkeEvent {}

    /** A hard limit of this child was met: it carries nothing any more and must go. */
    record ExpireChild(long childId) implements IkeEvent {}

    /** The first authenticated packet arrived on this child: the peer uses it, so may we. */
    record FirstInbound(long childId) implements IkeEvent {}

    /** Authenticated ESP arrived from another address than the child's (RFC 7296 section 2.23, last paragraphs). */
    record PeerMoved(long childId, Endpoint remote) implements IkeEvent {}

    /**
     * Our address towards this peer is another one from now on: the host moved to another network. Only an IKEv2 initiator
     * whose peer knows MOBIKE takes its IKE SAs along (RFC 4555 section 3.5).
     */
    record LocalAddress(String peer, Address local) implements IkeEvent {}

    /**
     * When authenticated packets last came in on any child of this peer. Proof of life, so that liveness checks need
     * not be sent. Told every second or so, only when it changed.
     */
    record Alive(String peer) implements IkeEvent {}

    /**
     * Authenticated ESP arrived with an SPI nobody knows, or unauthenticated noise did. Told at a bounded rate.
     */
    record UnknownSpi(Endpoint local, Endpoint remote, int spi) implements IkeEvent {}

    /** The result of {@link IkeAction.Ask}: key exchange done, or refused with the reason. */
    record Answered(long ask, Answer answer) implements IkeEvent {}

    /** Answers to questions. */
    sealed interface Answer {
        /** To {@link IkeAction.Question.OfKeyExchange}. */
        sealed interface OfKeyExchange extends Answer {}

        /** To {@link IkeAction.Question.OfIdentity}. */
        sealed interface OfIdentity extends Answer {}

        /** A key pair was made. {@code handle} names the private part, which stays with the asked. */
        record KeyPairMade(Bytes publicValue, PrivateValue privateValue) implements OfKeyExchange {}

        /** Both steps: our public value, and the secret shared with the peer's. */
        record Agreed(Optional<Bytes> publicValue, Secret sharedSecret) implements OfKeyExchange {}

        /** The peer's public value is not acceptable (RFC 6989), or the group is not available. */
        record Failed(String reason) implements OfKeyExchange {}

        /**
         * A signature.
         *
         * @param method of the AUTH payload; of IKEv1's phase 1 attribute 3 with {@code Ikev1}
         * @param proof the payload's data
         * @param certificates ours, DER, the end entity first, without the root
         * @param ocsp DER of an OCSPResponse about the end entity, where one was asked for and is there
         */
        record Signed(int method, Bytes proof, List<Bytes> certificates, Optional<Bytes> ocsp) implements OfIdentity {
            public Signed(int method, Bytes proof, List<Bytes> certificates) {
                this(method, proof, certificates, Optional.empty());
            }
        }

        /**
         * The peer has proven that it is who it says it is.
         *
         * @param subject of its certificate, for people
         * @param how the algorithm, for people, such as {@code ECDSA-256 with SHA2-256}
         */
        record Verified(String subject, String how) implements OfIdentity {}

        /** What was asked for is refused, and this is why. */
        record Refused(IkeFact.Failure why) implements OfIdentity {}

        /**
         * Names of authorities.
         *
         * @param keyHashes SHA-1 of each SubjectPublicKeyInfo, 20 octets (RFC 7296 section 3.7)
         * @param names DER of each subject, for IKEv1
         */
        record Authorities(List<Bytes> keyHashes, List<Bytes> names) implements OfIdentity {}

        /**
         * Send this EAP packet and come back with the answer.
         *
         * @param already a server has refused with this very packet, whether an answer comes or not
         */
        record EapNext(EapConversation conversation, Bytes packet, Optional<IkeFact.Failure> already)
                implements OfIdentity {
            public static EapNext of(EapConversation conversation, Bytes packet) {
                return new EapNext(conversation, packet, Optional.empty());
            }
        }

        /**
         * The method has succeeded.
         *
         * @param packet EAP-Success, to be sent by the server; empty for a client
         */
        record EapDone(Bytes packet, EapResult result) implements OfIdentity {}

        /** The method has failed; a server still sends {@code packet}, EAP-Failure. */
        record EapFailed(Bytes packet, IkeFact.Failure why) implements OfIdentity {}

        /** The password is the user's. */
        record PasswordFits(EapResult result) implements OfIdentity {}

        /** Addresses and what belongs to them. */
        record Leased(ClientSettings settings) implements OfIdentity {}
    }

    /** An EAP method in progress, opaque to the machine. */
    interface EapConversation {}

    /**
     * Whom a method has found.
     *
     * @param method such as {@code EAP-TLS}
     * @param user whom it proved, which need not be the IDi
     * @param msk Master Session Key, 64 octets; absent for methods that make none
     * @param framed addresses that the directory demands for the user; empty: the pool decides
     * @param sessionTimeout after which the user must prove itself again
     */
    record EapResult(
            String method,
            String user,
            Optional<Secret> msk,
            List<Address> framed,
            Optional<Duration> sessionTimeout) {}

    /**
     * What a gateway tells its client (RFC 7296 section 3.15.1, RFC 8598).
     *
     * @param addresses for the client, at most one of each family
     * @param dns servers
     * @param dnsDomains those that these servers are for; empty: all
     * @param subnets that lie behind the gateway
     */
    record ClientSettings(List<Address> addresses, List<Address> dns, List<String> dnsDomains, List<Prefix> subnets) {
        public ClientSettings {
            addresses = List.copyOf(addresses);
            dns = List.copyOf(dns);
            dnsDomains = List.copyOf(dnsDomains);
            subnets = List.copyOf(subnets);
        }
    }

    /** A private Diffie-Hellman value, opaque to the machine. */
    interface PrivateValue {}
}
