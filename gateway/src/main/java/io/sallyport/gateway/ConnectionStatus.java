package io.sallyport.gateway;

import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.model.ResourceId;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One configured connection as it is now. A connection that is down has a status like any other.
 *
 * @param since when {@code state} began
 * @param trouble the last failure, also when the connection has come back since
 * @param nextTry when the next attempt begins, if one is planned
 * @param clients those that are connected, where one configuration is for many
 * @param bytesIn octets of packets received, of all children since the connection was configured
 * @param timeline what happened, oldest first, bounded
 */
public record ConnectionStatus(
        String name,
        ResourceId connection,
        ResourceId gateway,
        ResourceId site,
        PeerConfig config,
        State state,
        Instant since,
        Optional<Trouble> trouble,
        Optional<Instant> nextTry,
        int attempts,
        Optional<Session> session,
        List<Child> children,
        List<Client> clients,
        long bytesIn,
        long bytesOut,
        long packetsIn,
        long packetsOut,
        List<Moment> timeline) {
    public ConnectionStatus {
        children = List.copyOf(children);
        clients = List.copyOf(clients);
        timeline = List.copyOf(timeline);
    }

    /** Azure's words. */
    public enum State {
        CONNECTING("Connecting"),
        CONNECTED("Connected"),
        NOT_CONNECTED("NotConnected");

        private final String label;

        State(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** A failure and when it happened. */
    public record Trouble(Instant at, IkeFact.Failure failure) {}

    /** A fact and when it was reported. */
    public record Moment(Instant at, IkeFact fact) {}

    /**
     * The IKE SA.
     *
     * @param provenBy how the peer proved itself, for people
     * @param leased addresses that the peer gave us
     */
    public record Session(
            IkeSuite suite,
            Endpoint local,
            Endpoint remote,
            boolean natLocal,
            boolean natRemote,
            Identity remoteIdentity,
            List<String> provenBy,
            List<Address> leased,
            boolean weAreInitiator,
            Instant since) {}

    /**
     * One client.
     *
     * @param peer its name, {@code NAME#IDENTITY}
     * @param provenBy how it proved itself, for people
     */
    public record Client(
            String peer,
            Identity identity,
            List<String> provenBy,
            List<Address> addresses,
            Endpoint remote,
            IkeSuite suite,
            Instant since) {
        public Client {
            provenBy = List.copyOf(provenBy);
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * A child SA, without its keys.
     *
     * @param inboundSpi of ESP packets to us
     * @param outboundSpi of ESP packets to the peer
     */
    public record Child(
            long id,
            String config,
            int inboundSpi,
            int outboundSpi,
            Optional<EspSuite> suite,
            boolean udpEncapsulated,
            List<TrafficSelector> local,
            List<TrafficSelector> remote,
            Instant since) {}

    /** Weak algorithms in use, each once. */
    public List<String> weaknesses() {
        List<String> out = new ArrayList<>();
        session.ifPresent(s -> out.addAll(Weakness.of(s.suite())));
        for (Child child : children) {
            child.suite().ifPresent(s -> out.addAll(Weakness.of(s)));
        }
        return out.stream().distinct().toList();
    }
}
