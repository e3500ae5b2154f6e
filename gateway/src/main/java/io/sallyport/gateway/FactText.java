package io.sallyport.gateway;

import io.sallyport.base.Bytes;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.ike.TrafficSelector;
import java.util.List;

/** Facts as one line each, for logs and timelines. What a peer wrote is made harmless. */
public final class FactText {
    private static final int SHOWN_MAX = 400;

    private FactText() {}

    public static String of(IkeFact fact) {
        return switch (fact) {
            case IkeFact.Connecting f -> f.peer() + ": connecting to " + f.remote();
            case IkeFact.IkeUp f ->
                f.peer() + ": " + f.version() + " SA up with " + f.remote()
                        + (f.weAreInitiator() ? ", we asked" : ", the peer asked")
                        + "; " + f.suite() + "; the peer is "
                        + clean(f.remoteIdentity().toString())
                        + ", proven by "
                        + clean(String.join(", then ", f.provenBy()))
                        + (f.leased().isEmpty() ? "" : "; address " + f.leased())
                        + nat(f.natLocal(), f.natRemote());
            case IkeFact.ChildUp f ->
                f.peer() + ": child SA " + f.child().id() + " up; " + f.suite() + "; "
                        + list(f.child().local()) + " to "
                        + list(f.child().remote())
                        + f.rekeyed().map(old -> "; replaces " + old).orElse("");
            case IkeFact.ChildDown f -> f.peer() + ": child SA " + f.childId() + " down: " + of(f.why());
            case IkeFact.IkeRekeyed f -> f.peer() + ": IKE SA has new keys; " + f.suite();
            case IkeFact.IkeDown f -> f.peer() + ": IKE SA down: " + of(f.why());
            case IkeFact.ChildRefused f -> f.peer() + ": child '" + f.child() + "' refused: " + of(f.why());
            case IkeFact.Refused f -> "refused " + f.remote() + " at " + f.local() + ": " + of(f.why());
            case IkeFact.UnderLoad f ->
                f.cookies()
                        ? "many half-open handshakes (" + f.halfOpen() + "): cookies are demanded now"
                        : "half-open handshakes are few again (" + f.halfOpen() + ")";
        };
    }

    /** A few words; {@link Why} has the sentences. */
    public static String of(Failure failure) {
        return switch (failure) {
            case Failure.NoAnswer f ->
                "no answer to " + clean(f.exchange()) + " after " + f.attempts() + " attempts"
                        + (f.everHeard() ? "" : "; never heard from the peer");
            case Failure.NoProposalChosen f ->
                "no common algorithms in " + clean(f.where()) + (f.refusedByPeer() ? ", says the peer" : "");
            case Failure.TrafficSelectorsUnacceptable f ->
                "no common traffic selectors" + (f.refusedByPeer() ? ", says the peer" : "");
            case Failure.AuthenticationFailed f ->
                f.byPeer() ? "the peer does not accept our proof" : "the peer's proof does not fit our shared key";
            case Failure.WrongIdentity f ->
                "the peer calls itself " + clean(f.found().toString()) + ", not "
                        + clean(f.expected().toString());
            case Failure.NoSuchPeer _ -> "no connection for this pair of addresses";
            case Failure.WrongGroup f -> "the peer wants key exchange group " + f.wanted();
            case Failure.PeerDead f -> "the peer has been silent for " + f.silentSeconds() + " s";
            case Failure.DeletedByPeer _ -> "the peer closed it";
            case Failure.ClosedByUs f -> "closed here: " + clean(f.reason());
            case Failure.Replaced _ -> "replaced by a newer one";
            case Failure.Expired f -> clean(f.which()) + " reached the end of its life before new keys were there";
            case Failure.PeerError f -> "the peer answered " + clean(f.name()) + " (" + f.notifyType() + ")";
            case Failure.Misbehaved f -> "the peer broke the protocol: " + clean(f.what());
            case Failure.WrongVersion f -> "the peer speaks IKE version " + f.major();
            case Failure.CertificateRefused f ->
                "certificate of " + clean(f.claimed().toString()) + " refused: " + f.fault() + "; " + clean(f.detail());
            case Failure.CredentialMissing f -> "no usable '" + clean(f.name()) + "': " + clean(f.detail());
            case Failure.EapRefused f ->
                clean(f.method()) + " of " + clean(f.user()) + " refused" + (f.byPeer() ? " by the peer" : "") + ": "
                        + clean(f.detail());
            case Failure.FellSilent f ->
                clean(f.claimed().toString()) + " fell silent after " + f.messages() + " messages, in "
                        + clean(f.step());
            case Failure.RadiusSilent f -> "no RADIUS server answers: " + clean(String.join(", ", f.servers()));
            case Failure.PoolEmpty f -> "no address left in " + clean(f.pool()) + ": " + clean(f.detail());
            case Failure.NoAddressGiven f -> "no address was given to us: " + clean(f.detail());
        };
    }

    /** Harmless to print, and short. */
    static String clean(String text) {
        String printable = Bytes.utf8(text).printable();
        return printable.length() <= SHOWN_MAX ? printable : printable.substring(0, SHOWN_MAX) + "…";
    }

    static String list(List<TrafficSelector> selectors) {
        return clean(String.join(
                ", ", selectors.stream().map(TrafficSelector::toString).toList()));
    }

    /** A peer may also feign a NAT because it wants ESP in UDP (RFC 7296 section 2.23). */
    private static String nat(boolean local, boolean remote) {
        if (local && remote) {
            return "; ESP in UDP, a NAT before both ends";
        }
        return local
                ? "; ESP in UDP, a NAT before us"
                : remote ? "; ESP in UDP, a NAT before the peer or feigned by it" : "";
    }
}
