package io.sallyport.gateway;

import static io.sallyport.gateway.FactText.clean;

import io.sallyport.gateway.Why.Explanation;
import io.sallyport.ike.IkeFact.Failure;
import java.util.List;

/** The part of {@link Why} that is about certificates, users, their servers, and the addresses they are given. */
final class WhyUnproven {
    private WhyUnproven() {}

    /**
     * Explains a certificate that was refused.
     *
     * @param of whose side it is, such as {@code connections/office}
     */
    static Explanation certificate(Failure.CertificateRefused f, String peer, String of) {
        String who = "The certificate of " + peer + ", which calls itself '"
                + clean(f.claimed().toString()) + "', is refused by " + of + ": ";
        String detail = clean(f.detail());
        return switch (f.fault()) {
            case MISSING ->
                says(
                        who + "none came that can be read. " + detail,
                        "Give the peer a certificate with its private key, and have it send the certificate (some"
                                + " devices only do when told to).");
            case CHAIN ->
                says(
                        who + "it does not lead to an authority that " + of + " trusts. " + detail,
                        "Add the root, and the authorities between, to the trusted chain of " + of + ".",
                        "Or have the peer send the certificates of the authorities between with its own.");
            case EXPIRED ->
                says(
                        who + "its time has passed or has not come. " + detail,
                        "Renew it; with Sallyport's own authority: sallyport pki renew NAME.",
                        "If its dates look right, compare the clocks of both machines.");
            case NAME ->
                says(
                        who + "it is made out to somebody else. " + detail,
                        "Set the peer's identity (local ID) to a name in its certificate: its subject, or one of its"
                                + " subjectAltNames.",
                        "Or issue a certificate that carries the identity as subjectAltName.");
            case USAGE ->
                says(
                        who + "it may not be used for this. " + detail,
                        "Issue one with the key usage digitalSignature and, if it has extended key usages, with"
                                + " serverAuth for gateways and clientAuth for clients.");
            case REVOKED ->
                says(
                        who + "its issuer has revoked it. " + detail,
                        "If that was a mistake, issue a new one: a revocation is for good.");
            case REVOCATION_UNKNOWN ->
                says(
                        who + "nobody could say whether it was revoked, and the policy wants to know. " + detail,
                        "Let this machine reach the address in the certificate (CRL distribution point or OCSP),"
                                + " usually by HTTP.");
            case SIGNATURE ->
                says(
                        who + "the proof was not made with its private key. " + detail,
                        "On the peer, certificate and private key do not belong together; choose the pair again.");
            case WEAK ->
                says(
                        who + "its key or its signature algorithm is too weak. " + detail,
                        "Issue one with RSA of 2,048 bits or more, or ECDSA P-256 or more, signed with SHA-256 or more.");
        };
    }

    static Explanation credential(Failure.CredentialMissing f, String of) {
        return says(
                "The certificate or key '" + clean(f.name()) + "' with which " + of + " proves itself cannot be used: "
                        + clean(f.detail()) + ".",
                "sallyport pki list shows what is there; put the file in its place: it is read again at once.");
    }

    static Explanation eap(Failure.EapRefused f, String peer, String of) {
        String sentence = "The user '" + clean(f.user()) + "' at " + peer + " did not prove itself to " + of + " by "
                + clean(f.method()) + ": " + clean(f.detail()) + ".";
        if (f.byPeer()) {
            return says(
                    "The gateway at " + peer + " refused " + of + " as '" + clean(f.user()) + "' by "
                            + clean(f.method()) + ": " + clean(f.detail()) + ".",
                    "Check the name and the password or certificate; the gateway's log says more.");
        }
        return says(
                sentence,
                "Check the name and the password or certificate on the client.",
                "If a RADIUS server decides, its log has the reason.");
    }

    static Explanation silent(Failure.FellSilent f, String peer, String of) {
        return says(
                "'" + clean(f.claimed().toString()) + "' at " + peer + " began to prove itself to " + of
                        + " and then said nothing more, while " + clean(f.step()) + " waited for its answer.",
                "On the client, look for a question that nobody answered: for a password, a certificate, or whether the"
                        + " gateway is to be trusted.",
                "A client that does not trust our certificate often just falls silent: give it the root that issued ours,"
                        + " and connect to a name that the certificate has.",
                "If it happens with long certificates only, fragments are lost on the way: have the client use IKE"
                        + " fragmentation (RFC 7383).");
    }

    static Explanation radius(Failure.RadiusSilent f, String of) {
        List<String> servers = f.servers().stream().map(FactText::clean).toList();
        return says(
                "No RADIUS server of " + of + " answered: " + String.join(", ", servers) + ".",
                "Check that the servers run and that UDP 1812 reaches them from this machine.",
                "A server stays silent to strangers: add this machine's address and the same shared secret to its"
                        + " clients.",
                "If only the answers are missing, look for a wrong secret: answers that are not authentic are dropped.");
    }

    static Explanation pool(Failure.PoolEmpty f, String of) {
        return says(
                "A client of " + of + " got no address from " + clean(f.pool()) + ": " + clean(f.detail()) + ".",
                "Add a prefix to the address pool, or end sessions that are no longer used.");
    }

    static Explanation noAddress(Failure.NoAddressGiven f, String peer, String of) {
        return says(
                "The gateway at " + peer + " gave " + of + " no address: " + clean(f.detail()) + ".",
                "Its log says why; usually its pool is empty.");
    }

    private static Explanation says(String sentence, String... advice) {
        return new Explanation(sentence, List.of(advice), List.of());
    }
}
