package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network/localNetworkGateways: a site and the device in front of it. */
final class LocalGateways implements Behaviour {
    private static final int PREFIXES_MAX = 1000;
    private static final String SPACE = "properties.localNetworkAddressSpace.addressPrefixes";

    @Override
    public String type() {
        return Neighbours.SITES;
    }

    @Override
    public boolean isListedBySubscription() {
        return false;
    }

    @Override
    public ArmResource complete(
            ArmResource made, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        Bgp.completePeer(made.properties());
        return made;
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        boolean hasAddress = wanted.properties().has("gatewayIpAddress");
        boolean hasName = !Neighbours.text(wanted, "fqdn").isEmpty();
        if (hasAddress == hasName) {
            findings.wrong(
                    "LocalNetworkGatewayAddressInvalid",
                    "properties.gatewayIpAddress",
                    hasAddress
                            ? "found together with fqdn; allowed: exactly one of the two"
                            : "missing; the device in front of the site needs gatewayIpAddress or fqdn");
        }
        Neighbours.address(Neighbours.text(wanted, "gatewayIpAddress"))
                .filter(a -> !isUnicast(a))
                .ifPresent(a -> findings.wrong(
                        "LocalNetworkGatewayAddressInvalid",
                        "properties.gatewayIpAddress",
                        "found '" + a + "'; allowed: the unicast address of a device"));
        String name = Neighbours.text(wanted, "fqdn");
        if (hasName
                && !name.matches("(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,63}\\.?")) {
            findings.wrong(
                    "LocalNetworkGatewayFqdnInvalid",
                    "properties.fqdn",
                    "found " + Findings.quoted(name) + "; allowed: a full name such as vpn.example.com");
        }
        int prefixes = wanted.properties()
                .path("localNetworkAddressSpace")
                .path("addressPrefixes")
                .size();
        if (prefixes > PREFIXES_MAX) {
            findings.wrong(
                    "LocalNetworkGatewayPrefixLimitReached",
                    SPACE,
                    "found " + prefixes + " prefixes; allowed: " + PREFIXES_MAX);
        }
        warnOfLoop(wanted, findings);
        Bgp.checkPeer(wanted, findings);
        String key = wanted.id().key();
        for (ArmResource connection : neighbours.pointing(Neighbours.CONNECTIONS, wanted.id())) {
            if (Digest.of(connection).site().equals(key)) {
                connection(connection, wanted, neighbours, findings);
            }
        }
    }

    /** A default route is meant to hold everything else; whoever writes one leaves the device its own route. */
    private static void warnOfLoop(ArmResource wanted, Findings findings) {
        Optional<Address> device = Neighbours.address(Neighbours.text(wanted, "gatewayIpAddress"));
        for (Prefix prefix : Neighbours.space(wanted, "localNetworkAddressSpace")) {
            device.filter(d -> prefix.length() > 0 && prefix.contains(d))
                    .ifPresent(d -> findings.warn(
                            SPACE,
                            "'" + prefix + "' holds the device's own address " + d
                                    + "; this machine needs a longer route to it past the tunnel, or IKE and ESP are"
                                    + " led into the tunnel that they make"));
        }
    }

    private static void connection(
            ArmResource connection, ArmResource wanted, Neighbours neighbours, Findings findings) {
        ArmId gateway = ArmId.parse(Neighbours.text(connection, "virtualNetworkGateway1/id"))
                .orElse(wanted.id());
        neighbours
                .world()
                .find(gateway)
                .ifPresent(g -> new Reach(neighbours, g)
                        .connection(connection)
                        .forEach(clash -> findings.wrong(
                                clash.code(),
                                clash.isAboutAddress() ? "properties.gatewayIpAddress" : SPACE,
                                clash.text())));
        if (Neighbours.flag(connection, "enableBgp")
                && !wanted.properties().path("bgpSettings").has("asn")) {
            findings.wrong(
                    "BgpSettingsMissing",
                    "properties.bgpSettings",
                    "missing, but " + connection.id() + " has enableBgp; allowed: asn and bgpPeeringAddress");
        }
    }

    /** Neither "any" nor multicast nor loopback. */
    static boolean isUnicast(Address address) {
        long top = address.isIpv4() ? address.low() >>> 24 : address.high() >>> 56;
        boolean multicast = address.isIpv4() ? top >= 224 : top == 0xff;
        boolean loopback = address.isIpv4() ? top == 127 : address.high() == 0 && address.low() == 1;
        return !address.isUnspecified() && !multicast && !loopback;
    }

    @Override
    public void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {
        ObjectNode p = shown.withObject("/properties");
        JsonNode space = p.path("localNetworkAddressSpace");
        if (!space.has("addressPrefixes")) {
            p.withObject("/localNetworkAddressSpace").putArray("addressPrefixes");
        }
    }
}
