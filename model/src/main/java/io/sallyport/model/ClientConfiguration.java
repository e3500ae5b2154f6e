package io.sallyport.model;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.model.document.Form;
import io.sallyport.model.document.Placed;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code vpnClientConfiguration} of a gateway, as far as clients of IKE are concerned.
 *
 * @param pools from which clients get addresses
 * @param byCertificate clients may prove themselves by a certificate
 * @param byRadius RADIUS decides about users
 * @param roots DER of the authorities whose certificates clients may have
 * @param revokedThumbprints SHA-1 in hexadecimal
 * @param radiusServers asked in the order of their scores
 * @param policy of IKE and ESP with clients; absent: the gateway's profile
 * @param routes further prefixes that clients are told, Azure's customRoutes
 */
public record ClientConfiguration(
        List<Prefix> pools,
        boolean byCertificate,
        boolean byRadius,
        List<Bytes> roots,
        List<String> revokedThumbprints,
        List<RadiusServer> radiusServers,
        Optional<IpsecPolicy> policy,
        List<Prefix> routes,
        ClientOptions options) {
    private static final int RADIUS_PORT = 1812;
    private static final int SCORE_MAX = 30;
    private static final String IKEV2 = "IkeV2";

    public ClientConfiguration {
        pools = List.copyOf(pools);
        roots = List.copyOf(roots);
        revokedThumbprints = List.copyOf(revokedThumbprints);
        radiusServers = List.copyOf(radiusServers);
        routes = List.copyOf(routes);
    }

    /**
     * One RADIUS server.
     *
     * @param score 1..30; the higher is asked first
     */
    public record RadiusServer(Address address, int port, Secret secret, int score) {}

    /** Reads {@code vpnClientConfiguration} and what belongs to it; nothing when no client of IKE is meant. */
    static Optional<ClientConfiguration> read(Form gateway, Optional<ClientOptions> options) {
        List<Prefix> routes = gateway
                .form("customRoutes")
                .map(f -> f.parsedList("addressPrefixes", Prefix::parse))
                .orElse(List.of())
                .stream()
                .map(Placed::value)
                .toList();
        gateway.notYet(
                "virtualNetworkGatewayPolicyGroups", "all clients get addresses from the gateway's own pool yet");
        Optional<Form> present = gateway.form("vpnClientConfiguration");
        if (present.isEmpty()) {
            return Optional.empty();
        }
        Form form = present.get();
        List<Prefix> pools = form
                .form("vpnClientAddressPool")
                .map(f -> f.parsedList("addressPrefixes", Prefix::parse))
                .orElse(List.of())
                .stream()
                .map(Placed::value)
                .toList();
        List<String> protocols = texts(form, "vpnClientProtocols");
        List<String> types = texts(form, "vpnAuthenticationTypes");
        for (String protocol : protocols) {
            if (!protocol.equalsIgnoreCase(IKEV2)) {
                form.hint("vpnClientProtocols", "has no effect: " + protocol + " is not there yet; IkeV2 is");
            }
        }
        List<Bytes> roots = named(form, "vpnClientRootCertificates", "publicCertData", CertificateProof::certificate);
        List<String> revoked =
                named(form, "vpnClientRevokedCertificates", "thumbprint", ClientConfiguration::thumbprint);
        List<RadiusServer> servers = radius(form);
        form.notYet("aadTenant", "sign-in with OpenID Connect is not there yet");
        form.notYet("vngClientConnectionConfigurations", "all clients get addresses from the gateway's own pool yet");
        Optional<IpsecPolicy> policy = new IpsecPolicyReader(form, "vpnClientIpsecPolicies").read();
        form.finish();
        // Without a list, Azure means SSTP and IKEv2.
        boolean ike = protocols.isEmpty() || protocols.stream().anyMatch(IKEV2::equalsIgnoreCase);
        if (!ike || pools.isEmpty()) {
            return Optional.empty();
        }
        boolean byCertificate = types.isEmpty() ? !roots.isEmpty() : types.contains("Certificate");
        boolean byRadius = types.isEmpty() ? !servers.isEmpty() : types.contains("Radius");
        return Optional.of(new ClientConfiguration(
                pools,
                byCertificate && !roots.isEmpty(),
                byRadius && !servers.isEmpty(),
                roots,
                revoked,
                servers,
                policy,
                routes,
                options.orElse(ClientOptions.NONE)));
    }

    private static List<String> texts(Form form, String name) {
        return form.parsedList(name, text -> text).stream().map(Placed::value).toList();
    }

    private static <T> List<T> named(Form form, String list, String property, Function<String, T> parse) {
        List<T> out = new ArrayList<>();
        for (Form each : form.forms(list)) {
            each.keeps("id", "name", "etag", "type")
                    .form("properties")
                    .ifPresent(p -> p.requiredText(property).ifPresent(text -> {
                        try {
                            out.add(parse.apply(text));
                        } catch (IllegalArgumentException e) {
                            // Tunnels need not fall because one of many cannot be read.
                            p.hint(property, "has no effect: found " + e.getMessage());
                        }
                    }));
        }
        return out;
    }

    private static String thumbprint(String text) {
        String plain = text.replaceAll("[\\s:]", "");
        if (!plain.matches("[0-9A-Fa-f]{40}")) {
            throw new IllegalArgumentException("'" + text + "'; allowed: 40 hexadecimal digits, the SHA-1 thumbprint");
        }
        return plain;
    }

    private static List<RadiusServer> radius(Form form) {
        List<RadiusServer> out = new ArrayList<>();
        for (Form each : form.forms("radiusServers")) {
            Optional<Placed<String>> address = each.requiredPlacedText("radiusServerAddress");
            Optional<Secret> secret = each.secretText("radiusServerSecret").map(found -> Secret.utf8(found.value()));
            int score = each.number("radiusServerScore", 1, SCORE_MAX)
                    .map(Math::toIntExact)
                    .orElse(1);
            each.finish();
            address.ifPresent(a -> server(each, a, secret, score).ifPresent(out::add));
        }
        Optional<Placed<String>> legacy = form.placedText("radiusServerAddress");
        Optional<Secret> secret = form.secretText("radiusServerSecret").map(found -> Secret.utf8(found.value()));
        if (out.isEmpty()) {
            legacy.flatMap(a -> server(form, a, secret, SCORE_MAX)).ifPresent(out::add);
        }
        return out;
    }

    /** ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT. */
    private static Optional<RadiusServer> server(
            Form form, Placed<String> written, Optional<Secret> secret, int score) {
        String text = written.value();
        int port = RADIUS_PORT;
        int colon = text.lastIndexOf(':');
        boolean withPort = text.startsWith("[") ? text.indexOf("]:") > 0 : colon > 0 && text.indexOf(':') == colon;
        try {
            if (withPort) {
                port = Integer.parseInt(text.substring(colon + 1));
                text = text.substring(0, colon);
            }
            Address address = Address.parse(text.replaceAll("[\\[\\]]", ""));
            if (secret.isEmpty() || port < 1 || port > 65_535) {
                form.hint(
                        "radiusServerAddress",
                        "has no effect: " + (secret.isEmpty() ? "its secret is missing" : "the port is impossible"));
                return Optional.empty();
            }
            return Optional.of(new RadiusServer(address, port, secret.get(), score));
        } catch (IllegalArgumentException e) {
            form.wrong(written, "allowed: an address, or ADDRESS:PORT");
            return Optional.empty();
        }
    }
}
