package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.wire.Prefix;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Rules of {@code vpnClientConfiguration} and of the groups of people. */
final class ClientRules {
    private static final String AT = "properties.vpnClientConfiguration.";
    private static final int ROOTS_MAX = 20;
    private static final int GROUPS_MAX = 90;
    private static final int MEMBERS_MAX = 390;
    private static final int POOL_LENGTH_MAX = 29;

    private ClientRules() {}

    static void check(ArmResource gateway, Neighbours neighbours, Findings findings) {
        groups(gateway, findings);
        JsonNode clients = gateway.properties().path("vpnClientConfiguration");
        if (!clients.isObject()) {
            return;
        }
        pools(gateway, neighbours, findings);
        certificates(clients, findings);
        protocols(gateway, clients, findings);
        radius(gateway, clients, findings);
        IpsecPolicies.check(clients.path("vpnClientIpsecPolicies"), AT + "vpnClientIpsecPolicies", findings);
    }

    private static void pools(ArmResource gateway, Neighbours neighbours, Findings findings) {
        String path = AT + "vpnClientAddressPool.addressPrefixes";
        List<Prefix> pool = Neighbours.space(gateway, "vpnClientConfiguration/vpnClientAddressPool");
        if (!pool.isEmpty() && GatewayRules.isPolicyBased(gateway)) {
            findings.wrong(
                    "PolicyBasedGatewayCannotHaveClients",
                    path,
                    "found an address pool with vpnType PolicyBased; allowed: with RouteBased");
        }
        int max = Neighbours.flag(gateway, "activeActive") ? POOL_LENGTH_MAX - 1 : POOL_LENGTH_MAX;
        List<Prefix> space = Neighbours.networkOf(gateway)
                .flatMap(neighbours.world()::find)
                .map(n -> Neighbours.space(n, "addressSpace"))
                .orElse(List.of());
        for (int i = 0; i < pool.size(); i++) {
            Prefix prefix = pool.get(i);
            if (prefix.address().isIpv4() && prefix.length() > max) {
                findings.wrong(
                        "VpnClientAddressPoolTooSmall",
                        path + "[" + i + "]",
                        "found '" + prefix + "'; allowed: /" + max + " or larger");
            }
            for (Prefix own : space) {
                if (own.overlaps(prefix)) {
                    findings.wrong(
                            "VpnClientAddressPoolOverlapsWithVnet",
                            path + "[" + i + "]",
                            "found '" + prefix + "', which overlaps " + own + " of the gateway's VNet");
                }
            }
            for (ArmResource connection : neighbours.connectionsOf(gateway.id())) {
                neighbours
                        .find(Neighbours.text(connection, "localNetworkGateway2/id"))
                        .ifPresent(site -> Neighbours.space(site, "localNetworkAddressSpace").stream()
                                .filter(p -> p.length() > 0 && p.overlaps(prefix))
                                .forEach(p -> findings.wrong(
                                        "VpnClientAddressPoolOverlapsWithSite",
                                        path,
                                        "found '" + prefix + "', which overlaps " + p + " of " + site.id())));
            }
        }
    }

    private static void certificates(JsonNode clients, Findings findings) {
        JsonNode roots = clients.path("vpnClientRootCertificates");
        if (roots.size() > ROOTS_MAX) {
            findings.wrong(
                    "VpnClientRootCertificateLimitReached",
                    AT + "vpnClientRootCertificates",
                    "found " + roots.size() + " root certificates; allowed: " + ROOTS_MAX);
        }
        for (int i = 0; i < roots.size() && i < ROOTS_MAX; i++) {
            String data = roots.get(i).at("/properties/publicCertData").asString("");
            if (!isCertificate(data)) {
                findings.wrong(
                        "VpnClientRootCertificateNotValid",
                        AT + "vpnClientRootCertificates[" + i + "].properties.publicCertData",
                        "found " + data.length()
                                + " characters that hold no certificate; allowed: an X.509 certificate as base64");
            }
        }
        JsonNode revoked = clients.path("vpnClientRevokedCertificates");
        for (int i = 0; i < revoked.size(); i++) {
            String thumbprint = revoked.get(i).at("/properties/thumbprint").asString("");
            if (!thumbprint.replaceAll("[ :]", "").matches("[0-9A-Fa-f]{40}([0-9A-Fa-f]{24})?")) {
                findings.wrong(
                        "VpnClientRevokedCertificateNotValid",
                        AT + "vpnClientRevokedCertificates[" + i + "].properties.thumbprint",
                        "found " + Findings.quoted(thumbprint)
                                + "; allowed: the SHA-1 (40) or SHA-256 (64) of the certificate in hexadecimal digits");
            }
        }
    }

    /** Clients send the base64 of DER, of PEM text, or of base64 already; all three mean the same certificate. */
    static boolean isCertificate(String data) {
        byte[] octets = data.getBytes(StandardCharsets.US_ASCII);
        for (int step = 0; step < 3; step++) {
            if (octets.length > 0 && octets[0] == 0x30 || startsWith(octets, "-----BEGIN")) {
                try {
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(octets));
                    return true;
                } catch (CertificateException e) {
                    return false;
                }
            }
            try {
                octets = Base64.getMimeDecoder().decode(octets);
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] octets, String text) {
        return new String(octets, 0, Math.min(octets.length, text.length()), StandardCharsets.US_ASCII).equals(text);
    }

    private static void protocols(ArmResource gateway, JsonNode clients, Findings findings) {
        List<String> protocols = texts(clients.path("vpnClientProtocols"));
        List<String> kinds = texts(clients.path("vpnAuthenticationTypes"));
        if (protocols.contains("SSTP") && protocols.contains("OpenVPN")) {
            findings.wrong(
                    "InvalidVpnClientProtocols",
                    AT + "vpnClientProtocols",
                    "found " + String.join(", ", protocols)
                            + "; allowed: OpenVPN; SSTP; IkeV2; IkeV2 and OpenVPN; IkeV2 and SSTP");
        }
        if (GatewayRules.isBasic(gateway) && protocols.contains("OpenVPN")) {
            findings.wrong(
                    "InvalidVpnClientProtocols",
                    AT + "vpnClientProtocols",
                    "found OpenVPN with SKU Basic; allowed: SSTP, IkeV2");
        }
        boolean onlyOpenVpn = protocols.equals(List.of("OpenVPN"));
        if (kinds.size() > 1 && !onlyOpenVpn && !protocols.isEmpty()) {
            findings.wrong(
                    "InvalidVpnAuthenticationTypes",
                    AT + "vpnAuthenticationTypes",
                    "found " + String.join(", ", kinds) + " with " + String.join(", ", protocols)
                            + "; allowed: several only with OpenVPN alone");
        }
        boolean wantsTokens = kinds.contains("AAD") || clients.has("aadTenant");
        if (wantsTokens) {
            for (String name : List.of("aadTenant", "aadAudience", "aadIssuer")) {
                if (clients.path(name).asString("").isBlank()) {
                    findings.wrong(
                            "VpnClientAadParametersMissing",
                            AT + name,
                            "missing; AAD needs aadTenant," + " aadAudience and aadIssuer");
                }
            }
        }
        if (kinds.contains("AAD") && !protocols.isEmpty() && !protocols.contains("OpenVPN")) {
            findings.wrong(
                    "InvalidVpnAuthenticationTypes",
                    AT + "vpnAuthenticationTypes",
                    "found AAD with " + String.join(", ", protocols) + "; allowed: with OpenVPN");
        }
    }

    private static void radius(ArmResource gateway, JsonNode clients, Findings findings) {
        boolean one = !clients.path("radiusServerAddress").asString("").isEmpty();
        boolean many = !clients.path("radiusServers").isEmpty();
        if ((one || many) && GatewayRules.isBasic(gateway)) {
            findings.wrong(
                    "RadiusNotSupportedOnGatewaySku",
                    AT + (one ? "radiusServerAddress" : "radiusServers"),
                    "found a RADIUS server with SKU Basic; allowed: with any other SKU");
        }
        if (one && !gateway.secrets().containsKey("/properties/vpnClientConfiguration/radiusServerSecret")) {
            findings.wrong(
                    "RadiusServerSecretMissing",
                    AT + "radiusServerSecret",
                    "missing; the RADIUS server needs" + " its shared secret");
        }
        if (texts(clients.path("vpnAuthenticationTypes")).contains("Radius") && !one && !many) {
            findings.wrong(
                    "RadiusServerMissing", AT + "radiusServers", "missing; authentication Radius needs a server");
        }
    }

    private static void groups(ArmResource gateway, Findings findings) {
        JsonNode groups = gateway.properties().path("virtualNetworkGatewayPolicyGroups");
        String path = "properties.virtualNetworkGatewayPolicyGroups";
        int members = 0;
        int defaults = 0;
        List<Integer> priorities = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            JsonNode p = groups.get(i).path("properties");
            members += p.path("policyMembers").size();
            defaults += p.path("isDefault").asBoolean(false) ? 1 : 0;
            int priority = p.path("priority").asInt(0);
            if (priorities.contains(priority)) {
                findings.wrong(
                        "PolicyGroupPriorityConflict",
                        path + "[" + i + "].properties.priority",
                        "found '" + priority + "' a second time; allowed: a priority of its own");
            }
            priorities.add(priority);
        }
        if (groups.size() > GROUPS_MAX || members > MEMBERS_MAX) {
            findings.wrong(
                    "PolicyGroupLimitReached",
                    path,
                    "found " + groups.size() + " groups with " + members + " members; allowed: " + GROUPS_MAX + " and "
                            + MEMBERS_MAX);
        }
        if (!groups.isEmpty() && defaults != 1) {
            findings.wrong(
                    "DefaultPolicyGroupMissing",
                    path,
                    "found " + defaults + " groups with isDefault true; allowed: exactly one");
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> out = new ArrayList<>();
        list.forEach(item -> out.add(item.asString("")));
        return out;
    }
}
