package io.sallyport.gateway;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What stands behind the names in {@link io.sallyport.ike.Authentication}, {@link io.sallyport.ike.Clients} and
 * {@link io.sallyport.ike.Ikev1Options.Xauth}: whom we trust, which users there are, and which addresses they get. Private
 * keys are not here; the shell finds them by their names where it keeps them. A change is a new one, and needs no tunnel to
 * fall.
 */
public record IdentityPlan(
        List<Trust> trusts, List<Directory> directories, List<EapClient> eapClients, List<Pool> pools) {
    public static final IdentityPlan NONE = new IdentityPlan(List.of(), List.of(), List.of(), List.of());

    public IdentityPlan {
        trusts = List.copyOf(trusts);
        directories = List.copyOf(directories);
        eapClients = List.copyOf(eapClients);
        pools = List.copyOf(pools);
    }

    /** What both hold. */
    IdentityPlan and(IdentityPlan other) {
        return new IdentityPlan(
                both(trusts, other.trusts),
                both(directories, other.directories),
                both(eapClients, other.eapClients),
                both(pools, other.pools));
    }

    private static <T> List<T> both(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /**
     * Whose certificates are believed.
     *
     * @param authorities DER of roots, and of authorities between that peers forget to send; the self-signed among them are
     *     the anchors, and if none is, all are
     * @param subject text that the end entity's subject must have: a distinguished name, or its common name alone
     * @param revokedThumbprints SHA-1 of certificates that are not believed any more, in hexadecimal
     */
    public record Trust(
            String name,
            List<Bytes> authorities,
            Optional<String> subject,
            List<String> revokedThumbprints,
            Revocation revocation) {
        public Trust {
            authorities = List.copyOf(authorities);
            revokedThumbprints = List.copyOf(revokedThumbprints);
        }
    }

    /** How much is done to learn whether a certificate was revoked. */
    public enum Revocation {
        /** Nothing is fetched; what the peer sent and the thumbprints still count. */
        OFF,
        /** Asked, but silence of the authority is no obstacle. */
        IF_POSSIBLE,
        /** Whoever cannot be shown to be good is refused. */
        REQUIRED
    }

    /**
     * Who decides about users, for EAP and XAuth.
     *
     * @param methods of EAP that are offered, best first, such as {@code EAP-TLS} and {@code EAP-MSCHAPv2}; with
     *     {@code radius} the servers decide which, and this is empty
     * @param users for {@code EAP-MSCHAPv2} and XAuth
     * @param credential name of the key and chain that EAP-TLS shows to clients
     * @param trust whose client certificates EAP-TLS believes
     * @param radius servers; when there are any, they decide alone
     */
    public record Directory(
            String name,
            List<String> methods,
            List<User> users,
            Optional<String> credential,
            Optional<String> trust,
            Optional<Radius> radius) {
        public Directory {
            methods = List.copyOf(methods);
            users = List.copyOf(users);
        }
    }

    public record User(String name, Secret password) {}

    /**
     * RADIUS.
     *
     * @param servers those with the highest score are asked first; equal ones in turns
     * @param nasIdentifier what we call ourselves
     * @param accounting tell sessions to the accounting port
     */
    public record Radius(List<RadiusServer> servers, String nasIdentifier, boolean accounting) {
        public Radius {
            servers = List.copyOf(servers);
        }
    }

    /**
     * One RADIUS server.
     *
     * @param endpoint its authentication port, normally 1812
     * @param accountingPort normally 1813
     * @param score 1..30, Azure's radiusServerScore: the higher is asked first
     * @param local address from which it is asked; absent: the kernel chooses
     * @param netns network namespace from which it is asked; absent: the process's own
     * @param requireMessageAuthenticator its answers to passwords count only with a Message-Authenticator (CVE-2024-3596)
     */
    public record RadiusServer(
            Endpoint endpoint,
            int accountingPort,
            Secret secret,
            int score,
            Optional<Address> local,
            Optional<String> netns,
            boolean requireMessageAuthenticator) {}

    /**
     * What we prove ourselves with as client of another gateway.
     *
     * @param method {@code EAP-MSCHAPv2} or {@code EAP-TLS}; others the server offers are refused with a Nak
     * @param trust whose server certificate EAP-TLS believes
     */
    public record EapClient(
            String name,
            String method,
            String user,
            Optional<Secret> password,
            Optional<String> credential,
            Optional<String> trust) {}

    /**
     * Addresses for clients, and what they are told besides.
     *
     * @param prefixes tried in this order; the network's own address and, in IPv4, its broadcast address are never given
     * @param sticky how long an address is kept for a client that is gone
     */
    public record Pool(
            String name,
            List<Prefix> prefixes,
            List<Address> dns,
            List<String> dnsDomains,
            List<Prefix> subnets,
            Duration sticky) {
        public Pool {
            prefixes = List.copyOf(prefixes);
            dns = List.copyOf(dns);
            dnsDomains = List.copyOf(dnsDomains);
            subnets = List.copyOf(subnets);
        }
    }
}
