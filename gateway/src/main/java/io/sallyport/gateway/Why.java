package io.sallyport.gateway;

import static io.sallyport.gateway.FactText.clean;
import static io.sallyport.gateway.FactText.list;

import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.wire.Address;
import java.util.ArrayList;
import java.util.List;

/**
 * Explains the last failure of a connection to a network engineer: one sentence that names what happened, what to do
 * about it, and where two sides disagree, both of them next to each other. What a peer wrote is made harmless.
 */
public final class Why {
    private static final int AUTHENTICATION_FAILED = 24;
    private static final int NO_ADDITIONAL_SAS = 35;
    private static final int TEMPORARY_FAILURE = 43;

    private final ConnectionStatus status;
    private final String connection;
    private final String peer;
    private final String site;

    private Why(ConnectionStatus status) {
        this.status = status;
        boolean ofClients = status.config().clients().isPresent();
        this.connection =
                ofClients ? "virtualNetworkGateways/" + status.gateway().name() : "connections/" + status.name();
        this.peer = status.config().remote().map(Address::toString).orElse(ofClients ? "the client" : "any address");
        this.site = status.site().type() + "/" + status.site().name();
    }

    /**
     * An explanation.
     *
     * @param sentence what happened
     * @param advice what to look at or change, most likely first
     * @param table what each side wants, when that is known
     */
    public record Explanation(String sentence, List<String> advice, List<Row> table) {
        public Explanation {
            advice = List.copyOf(advice);
            table = List.copyOf(table);
        }
    }

    /**
     * One line of a comparison.
     *
     * @param differs whether this is where the two do not meet
     */
    public record Row(String what, String ours, String peers, boolean differs) {}

    /** Explains {@code status}. */
    public static Explanation of(ConnectionStatus status) {
        return new Why(status).explain();
    }

    private Explanation explain() {
        if (status.trouble().isEmpty()) {
            return untroubled();
        }
        ConnectionStatus.Trouble trouble = status.trouble().get();
        Explanation why = of(trouble.failure());
        String sentence = switch (status.state()) {
            case CONNECTED ->
                "Connection '" + status.name() + "' is connected with " + peer + "; its last failure was: "
                        + why.sentence();
            case CONNECTING, NOT_CONNECTED -> why.sentence();
        };
        return new Explanation(sentence, why.advice(), why.table());
    }

    private Explanation untroubled() {
        if (status.config().clients().isPresent()) {
            return says("Nothing has gone wrong with the clients of " + connection + "; "
                    + status.clients().size() + " of them are connected.");
        }
        return switch (status.state()) {
            case CONNECTED ->
                says("Connection '" + status.name() + "' is connected with " + peer
                        + ", and nothing has failed so far.");
            case CONNECTING ->
                says("Connection '" + status.name() + "' is being set up with " + peer
                        + "; nothing has failed so far.");
            case NOT_CONNECTED ->
                status.config().mayInitiate()
                        ? says("Connection '" + status.name() + "' has not been tried yet.")
                        : says(
                                "Connection '" + status.name() + "' waits for " + peer
                                        + " to begin, because its connectionMode is ResponderOnly; nothing has come from"
                                        + " there yet.",
                                "Check that the device at " + peer + " is set to initiate, or set " + connection
                                        + ": properties.connectionMode to Default.",
                                ports());
        };
    }

    private Explanation of(Failure failure) {
        return switch (failure) {
            case Failure.NoAnswer f -> f.everHeard() ? wentSilent(f) : neverHeard(f);
            case Failure.NoProposalChosen f -> noProposal(f);
            case Failure.TrafficSelectorsUnacceptable f -> noSelectors(f);
            case Failure.AuthenticationFailed f -> notAuthenticated(f);
            case Failure.WrongIdentity f ->
                new Explanation(
                        "The device at " + peer + " calls itself '"
                                + clean(f.found().toString()) + "', but connection '"
                                + status.name() + "' expects '"
                                + clean(f.expected().toString()) + "'.",
                        List.of(
                                "If that is the right device, set " + connection
                                        + ": properties.sallyport.remoteIdentity to '"
                                        + clean(f.found().toString()) + "', or leave it out.",
                                "Otherwise set the local identity (local ID) on the device to '"
                                        + clean(f.expected().toString()) + "'."),
                        List.of(new Row(
                                "peer's identity",
                                clean(f.expected().toString()),
                                clean(f.found().toString()),
                                true)));
            case Failure.NoSuchPeer _ ->
                says(
                        "A packet for connection '" + status.name() + "' came from an address that no connection has.",
                        "Set " + site + ": properties.gatewayIpAddress to the address from which the device's packets"
                                + " arrive here; behind a NAT that is the NAT's public address.",
                        "If " + connection + " has connectionMode InitiatorOnly, the peer may not begin; set it to"
                                + " Default.");
            case Failure.WrongGroup f -> wrongGroup(f);
            case Failure.PeerDead f ->
                says(
                        "The device at " + peer + " was connected and has been silent for " + f.silentSeconds()
                                + " s, longer than the dpdTimeoutSeconds of connection '" + status.name() + "' ("
                                + status.config().dpdTimeout().toSeconds() + " s).",
                        "Check the device and its line: does " + peer + " answer a ping, was it restarted?",
                        "If the line only stutters, raise " + connection + ": properties.dpdTimeoutSeconds.",
                        "If silence sets in after a few idle minutes, a firewall or NAT on the way forgets the flow:"
                                + " raise its UDP timeout.");
            case Failure.DeletedByPeer _ ->
                says(
                        "The device at " + peer + " closed connection '" + status.name() + "' itself.",
                        "Its log says why. Usual reasons: an idle timeout, a change of its configuration, or lifetimes"
                                + " after which it deletes instead of renewing.",
                        "Sallyport "
                                + (status.config().mayInitiate()
                                        ? "tries again by itself."
                                        : "waits for it to come back."));
            case Failure.ClosedByUs f ->
                says("Connection '" + status.name() + "' with " + peer + " was closed here: " + clean(f.reason())
                        + ".");
            case Failure.Replaced _ ->
                says("A newer session with " + peer + " took the place of the old one of connection '" + status.name()
                        + "'; that is how keys are renewed and how a restarted peer comes back.");
            case Failure.Expired f ->
                says(
                        "The " + clean(f.which()) + " of connection '" + status.name() + "' with " + peer
                                + " reached the end of its life before new keys were agreed.",
                        "The first connection works without a fresh key exchange, the renewal does not: compare the PFS"
                                + " group with the device (" + connection + ": properties.ipsecPolicies, pfsGroup).",
                        "Try it now instead of in an hour: sallyport rekey " + status.name() + " --child");
            case Failure.PeerError f -> peerError(f);
            case Failure.Misbehaved f ->
                says(
                        "The device at " + peer + " sent connection '" + status.name()
                                + "' something that IKEv2 does not allow: " + clean(f.what()) + ".",
                        "Bring the device's software up to date. If it is, this is worth a report with the output of"
                                + " this command.");
            case Failure.WrongVersion f ->
                says(
                        "The device at " + peer + " speaks IKE version " + f.major() + " to connection '"
                                + status.name() + "', which speaks "
                                + status.config().version() + ".",
                        "Set the device to " + status.config().version() + " for this tunnel.",
                        "Or make the connection anew with connectionProtocol IKEv" + f.major()
                                + "; that cannot be changed later.");
            case Failure.CertificateRefused f -> WhyUnproven.certificate(f, peer, connection);
            case Failure.CredentialMissing f -> WhyUnproven.credential(f, connection);
            case Failure.EapRefused f -> WhyUnproven.eap(f, peer, connection);
            case Failure.RadiusSilent f -> WhyUnproven.radius(f, connection);
            case Failure.PoolEmpty f -> WhyUnproven.pool(f, connection);
            case Failure.FellSilent f -> WhyUnproven.silent(f, peer, connection);
            case Failure.NoAddressGiven f -> WhyUnproven.noAddress(f, peer, connection);
        };
    }

    private Explanation neverHeard(Failure.NoAnswer f) {
        return says(
                "Nothing was ever heard from " + peer + ": connection '" + status.name() + "' sent "
                        + clean(f.exchange()) + " " + f.attempts() + " times without an answer.",
                "Check " + site + ": properties.gatewayIpAddress; is " + peer + " the public address of the device, and"
                        + " is the device up?",
                ports(),
                "Check that the device has a tunnel configured for our address "
                        + status.config().local() + "; many devices do not answer strangers.",
                "If the device is behind a NAT without a forwarded port, only it can begin: set " + connection
                        + ": properties.connectionMode to ResponderOnly and let it initiate.");
    }

    private Explanation wentSilent(Failure.NoAnswer f) {
        List<String> advice = new ArrayList<>();
        if (f.exchange().contains("IKE_AUTH")) {
            advice.add(
                    "The first exchange on UDP 500 worked and the next did not: let UDP 4500 pass in both directions.");
            advice.add(
                    "If UDP 4500 passes, large packets may be lost on the way: let IP fragments pass, and check the MTU"
                            + " between " + status.config().local() + " and " + peer + ".");
            advice.add("Some devices stay silent when they do not accept a proof: compare the shared key and the"
                    + " identities with the device's log.");
        } else {
            advice.add(
                    "Check the line and the device: it answered before. Was it restarted, or did its address change?");
            advice.add(ports());
        }
        return new Explanation(
                "The device at " + peer + " answered connection '" + status.name() + "' before and then went silent: "
                        + clean(f.exchange()) + " was sent " + f.attempts() + " times.",
                advice,
                List.of());
    }

    private Explanation noProposal(Failure.NoProposalChosen f) {
        String where = clean(f.where());
        List<Row> table = Comparison.ofOffers(f.ours(), f.peers());
        List<String> differing = table.stream()
                .filter(Row::differs)
                .map(Row::what)
                .filter(w -> !w.startsWith("offer"))
                .toList();
        if (f.peers().isEmpty()) {
            return new Explanation(
                    "The device at " + peer + " refused every algorithm that connection '" + status.name()
                            + "' offered in " + where + ", and did not say what it would take.",
                    List.of(
                            "Compare the table with the device's " + phase(where)
                                    + " settings; its log usually names what" + " it expected.",
                            "Then set " + connection
                                    + ": properties.ipsecPolicies to that one combination, or add one of"
                                    + " ours to the device."),
                    table);
        }
        String what = differing.isEmpty()
                ? "each algorithm is known to both, but no whole combination is"
                : "they have no " + String.join(" and no ", differing) + " in common";
        return new Explanation(
                "The device at " + peer + " and connection '" + status.name() + "' do not agree on algorithms in "
                        + where + ": " + what + (f.refusedByPeer() ? " (the device refused)." : "."),
                List.of(
                        "Change the device's " + phase(where) + " settings to one of our combinations, best first: "
                                + clean(f.ours().isEmpty() ? "none" : f.ours().getFirst()) + ".",
                        "Or set " + connection + ": properties.ipsecPolicies to what the device wants: "
                                + clean(f.peers().getFirst()) + "."),
                table);
    }

    private static String phase(String where) {
        return where.contains("SA_INIT") || where.contains("IKE SA") ? "phase 1 (IKE)" : "phase 2 (ESP)";
    }

    private Explanation noSelectors(Failure.TrafficSelectorsUnacceptable f) {
        List<Row> table = List.of(
                new Row(
                        "behind us",
                        list(f.ourLocal()),
                        f.peerLocal().isEmpty() ? "not said" : list(f.peerLocal()),
                        Comparison.disjoint(f.ourLocal(), f.peerLocal())),
                new Row(
                        "behind the peer",
                        list(f.ourRemote()),
                        f.peerRemote().isEmpty() ? "not said" : list(f.peerRemote()),
                        Comparison.disjoint(f.ourRemote(), f.peerRemote())));
        return new Explanation(
                "The device at " + peer + " and connection '" + status.name()
                        + "' do not agree on which networks to join"
                        + (f.refusedByPeer() ? "; the device refused our traffic selectors." : "."),
                List.of(
                        "Make the device's networks (proxy ids, encryption domain) mirror the table: its local networks"
                                + " are our remote ones.",
                        "If the device is policy-based, set " + connection
                                + ": properties.usePolicyBasedTrafficSelectors to true (with ipsecPolicies), or name the"
                                + " pairs in properties.trafficSelectorPolicies.",
                        "Check " + site + ": properties.localNetworkAddressSpace."),
                table);
    }

    private Explanation notAuthenticated(Failure.AuthenticationFailed f) {
        String who = f.identity()
                .map(i -> " (it calls itself '" + clean(i.toString()) + "')")
                .orElse("");
        if (f.byPeer()) {
            return says(
                    "The device at " + peer + who + " does not accept the proof of connection '" + status.name()
                            + "': most likely the shared keys differ.",
                    "Set " + connection
                            + ": properties.sharedKey and the device's pre-shared key to the same text; look"
                            + " for spaces at the ends and for characters that the device changes.",
                    "If the keys are the same, the device expects another identity than '"
                            + clean(status.config().localIdentity().toString()) + "': set " + connection
                            + ": properties.sallyport.localIdentity to what it expects.");
        }
        return says(
                "The device at " + peer + who + " proved itself with another shared key than that of connection '"
                        + status.name() + "'.",
                "Set " + connection
                        + ": properties.sharedKey and the device's pre-shared key to the same text; look for"
                        + " spaces at the ends and for characters that the device changes.",
                "If several tunnels of the device lead here, check that it uses the key of this one.");
    }

    private Explanation wrongGroup(Failure.WrongGroup f) {
        String allowed = clean(String.join(", ", f.allowed()));
        return new Explanation(
                "The device at " + peer + " wants key exchange group " + f.wanted() + ", which connection '"
                        + status.name() + "' does not allow.",
                List.of(
                        "Set the device's Diffie-Hellman group to one of: " + allowed + ".",
                        "Or allow it: " + connection
                                + ": properties.ipsecPolicies, dhGroup (phase 1) or pfsGroup (phase" + " 2)."),
                List.of(new Row("key exchange", allowed, "group " + f.wanted(), true)));
    }

    private Explanation peerError(Failure.PeerError f) {
        String sentence = "The device at " + peer + " answered connection '" + status.name() + "' with the error "
                + clean(f.name()) + " (" + f.notifyType() + ").";
        return switch (f.notifyType()) {
            case AUTHENTICATION_FAILED ->
                says(sentence, "Compare the shared key and the identities; the device's log says which it was.");
            case NO_ADDITIONAL_SAS ->
                says(
                        sentence,
                        "The device takes no more child SAs: it may allow only one pair of networks, or have reached"
                                + " a limit of its licence.");
            case TEMPORARY_FAILURE ->
                says(sentence, "The device is busy with another exchange; Sallyport tries again by itself.");
            default -> says(sentence, "The device's log of the same moment says what it did not like.");
        };
    }

    private String ports() {
        return "Let UDP 500 and UDP 4500 (and IP protocol 50 where there is no NAT) pass between "
                + status.config().local() + " and " + peer + ", in both directions, on every firewall on the way.";
    }

    private static Explanation says(String sentence, String... advice) {
        return new Explanation(sentence, List.of(advice), List.of());
    }
}
