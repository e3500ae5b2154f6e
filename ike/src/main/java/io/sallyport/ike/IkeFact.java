package io.sallyport.ike;

import io.sallyport.base.Malformed;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.util.List;
import java.util.Optional;

/** What happened, for status, logs, metrics and {@code why}. No secret is ever in a fact. */
public sealed interface IkeFact {
    /** We sent IKE_SA_INIT. */
    record Connecting(String peer, Endpoint remote) implements IkeFact {}

    /**
     * The IKE SA is up: both ends have proven themselves.
     *
     * @param peer for one of many clients {@code NAME#IDENTITY}
     * @param provenBy how the peer proved itself, for people, such as {@code shared key} or {@code EAP-TLS as alice}
     * @param leased addresses that the client was given, or that we were
     */
    record IkeUp(
            String peer,
            IkeVersion version,
            long initiatorSpi,
            long responderSpi,
            boolean weAreInitiator,
            IkeSuite suite,
            Endpoint local,
            Endpoint remote,
            boolean natLocal,
            boolean natRemote,
            Identity remoteIdentity,
            List<String> provenBy,
            List<Address> leased)
            implements IkeFact {}

    /** A child is up, new or as the successor of another. */
    record ChildUp(String peer, ChildSa child, EspSuite suite, Optional<Long> rekeyed) implements IkeFact {}

    record ChildDown(String peer, long childId, Failure why) implements IkeFact {}

    /** The IKE SA was replaced by a rekey; its children live on. */
    record IkeRekeyed(String peer, long initiatorSpi, long responderSpi, IkeSuite suite) implements IkeFact {}

    /**
     * The IKE SA and all of its children are gone, or it never came up. Not noted while another IKE SA of the peer stands,
     * as after INITIAL_CONTACT.
     */
    record IkeDown(String peer, Failure why) implements IkeFact {}

    /** Something failed that leaves the IKE SA standing: a child was refused, a rekey did not work. */
    record ChildRefused(String peer, String child, Failure why) implements IkeFact {}

    /** A stranger was refused, or a peer that could not be told from one. Rate-limited by who reads it. */
    record Refused(Endpoint local, Endpoint remote, Failure why) implements IkeFact {}

    /** The half-open count crossed the line at which cookies are demanded, or fell below it. */
    record UnderLoad(boolean cookies, int halfOpen) implements IkeFact {}

    /** Why something is down or was refused; each is one way to fail, with all that is known to explain it. */
    sealed interface Failure {
        /** Retransmissions ran out. */
        record NoAnswer(String exchange, int attempts, boolean everHeard) implements Failure {}

        /** Nothing in common. Each side's list as text, best first; "peer" is empty when only the peer knows. */
        record NoProposalChosen(String where, List<String> ours, List<String> peers, boolean refusedByPeer)
                implements Failure {}

        record TrafficSelectorsUnacceptable(
                List<TrafficSelector> ourLocal,
                List<TrafficSelector> ourRemote,
                List<TrafficSelector> peerLocal,
                List<TrafficSelector> peerRemote,
                boolean refusedByPeer)
                implements Failure {}

        /** The peer refused our proof, or its proof did not fit the key we share. */
        record AuthenticationFailed(boolean byPeer, Optional<Identity> identity) implements Failure {}

        /** The identity the peer presented is not the configured one. */
        record WrongIdentity(Identity found, Identity expected) implements Failure {}

        /** No connection is configured for this pair of addresses. */
        record NoSuchPeer() implements Failure {}

        /** The peer wants a group that we do not allow. */
        record WrongGroup(int wanted, List<String> allowed) implements Failure {}

        /** Silence for longer than dpdTimeout. */
        record PeerDead(long silentSeconds) implements Failure {}

        /** The peer deleted it. */
        record DeletedByPeer() implements Failure {}

        /** We were told to, or the configuration changed. */
        record ClosedByUs(String reason) implements Failure {}

        /** Replaced by a newer one, which is how rekeys and INITIAL_CONTACT end the older. */
        record Replaced() implements Failure {}

        /** The lifetime ended before a rekey succeeded. */
        record Expired(String which) implements Failure {}

        /** Another error notify from the peer, by number and name. */
        record PeerError(int notifyType, String name) implements Failure {}

        /** The peer speaks something we refuse: malformed or against the protocol. Says which field. */
        record Misbehaved(String what) implements Failure {
            public static Misbehaved of(Malformed cause) {
                return new Misbehaved(String.valueOf(cause.getMessage()));
            }
        }

        /** The peer speaks only another IKE version. */
        record WrongVersion(int major) implements Failure {}

        /** The peer's certificate is not good enough; its signature counts for nothing then. */
        record CertificateRefused(Identity claimed, CertificateFault fault, String detail) implements Failure {}

        /** We have no key or certificate of the configured name, or cannot use it. */
        record CredentialMissing(String name, String detail) implements Failure {}

        /** The user did not prove itself by this method, such as EAP-MSCHAPv2. */
        record EapRefused(String method, String user, String detail, boolean byPeer) implements Failure {}

        /**
         * Whoever wanted in began to prove itself and then said nothing more.
         *
         * @param claimed who it said it was
         * @param step what we waited for, for people, such as {@code EAP-MSCHAPv2}
         * @param messages of it that came until then
         */
        record FellSilent(Identity claimed, String step, int messages) implements Failure {}

        /** No RADIUS server answered. */
        record RadiusSilent(List<String> servers) implements Failure {}

        /** No address is left, or none of the family asked for. */
        record PoolEmpty(String pool, String detail) implements Failure {}

        /** The gateway gave us no address, or not one that we can use. */
        record NoAddressGiven(String detail) implements Failure {}
    }

    /** What may be wrong with a certificate. */
    enum CertificateFault {
        /** None came, or it cannot be read. */
        MISSING("no usable certificate"),
        /** It leads to nobody whom we trust. */
        CHAIN("untrusted chain"),
        /** Its time is over, or has not come. */
        EXPIRED("outside of its validity"),
        /** It is not that of the identity claimed. */
        NAME("another name"),
        /** It may not be used for this: key usage, extended key usage, basic or name constraints. */
        USAGE("not allowed for this use"),
        /** Its issuer took it back. */
        REVOKED("revoked"),
        /** Nobody could tell whether it was revoked, and the policy wants to know. */
        REVOCATION_UNKNOWN("revocation unknown"),
        /** The signature was not made with its key. */
        SIGNATURE("wrong signature"),
        /** Its key or the algorithms are too weak. */
        WEAK("too weak");

        private final String text;

        CertificateFault(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
