package io.sallyport.model;

import io.sallyport.model.document.Form;
import io.sallyport.model.document.Placed;
import java.util.List;
import java.util.Optional;

/** Reads virtualNetworkGateways. */
final class GatewayReader {
    Optional<VirtualNetworkGateway> read(Envelope envelope, Form p, Form top) {
        top.keeps("extendedLocation", "identity");
        p.keeps(
                "vpnGatewayGeneration",
                "bgpSettings",
                "autoScaleConfiguration",
                "virtualNetworkGatewayMigrationStatus",
                "inboundDnsForwardingEndpoint",
                "resiliencyModel");
        if (!p.has("gatewayType")) {
            p.missing("gatewayType", "missing; allowed: Vpn");
        }
        p.only("gatewayType", List.of("Vpn"), "other gateways are not there yet");
        p.only("vpnType", List.of("RouteBased", "PolicyBased"), "Azure has no others");
        p.only("adminState", List.of("Enabled"), "delete the gateway to stop it");
        p.notYetTrue("enableBgp", "Sallyport does not speak BGP yet");
        p.notYetTrue("activeActive", "a gateway is one instance yet");
        p.notYetTrue("enablePrivateIpAddress", "tunnels end on the public address only");
        p.notYetTrue("enableHighBandwidthVpnGateway", "it is a feature of Azure's private circuits");
        p.notYetTrue("enableDnsForwarding", "Sallyport does not forward DNS yet");
        p.notYetTrue("enableBgpRouteTranslationForNat", "Sallyport does not speak BGP yet");
        p.notYetTrue("allowVirtualWanTraffic", "there is no virtual WAN here");
        p.notYetTrue("allowRemoteVnetTraffic", "Sallyport does not peer VNets yet");
        p.notYet("gatewayDefaultSite", "forced tunnelling is not there yet; give the site the prefix 0.0.0.0/0");
        p.notYet("natRules", "Sallyport does not translate addresses yet");
        p.notYet("vNetExtendedLocationResourceId", "there are no extended locations here");
        sku(p);
        boolean replayProtection = !p.flag("disableIPSecReplayProtection");
        Sallyport extension = Sallyport.read(p, false);
        boolean policyBased =
                p.text("vpnType").filter("PolicyBased"::equalsIgnoreCase).isPresent();
        Optional<ClientConfiguration> clients = ClientConfiguration.read(p, extension.clients());
        return ipConfiguration(p, envelope.id())
                .map(ends -> new VirtualNetworkGateway(
                        envelope,
                        ends.subnet,
                        ends.address,
                        policyBased,
                        replayProtection,
                        extension.cryptoProfile(),
                        extension.replayWindow(),
                        extension.encapsulation(),
                        clients));
    }

    private record Ends(Placed<ResourceId> subnet, Placed<ResourceId> address) {}

    private static void sku(Form p) {
        p.form("sku").ifPresent(sku -> {
            sku.keeps("capacity");
            Optional<Placed<String>> name = sku.placedText("name");
            Optional<Placed<String>> tier = sku.placedText("tier");
            if (name.isPresent()
                    && tier.isPresent()
                    && !name.get().value().equalsIgnoreCase(tier.get().value())) {
                sku.wrong(
                        tier.get(),
                        "allowed: the same as sku.name, " + name.get().value());
            }
            sku.finish();
        });
    }

    private static Optional<Ends> ipConfiguration(Form p, ResourceId id) {
        List<Form> configurations = p.forms("ipConfigurations");
        if (configurations.isEmpty()) {
            p.wrong("ipConfigurations", "found no element; allowed: at least one");
            return Optional.empty();
        }
        if (configurations.size() > 1) {
            p.hint(
                    "ipConfigurations",
                    "only the first of " + configurations.size() + " is used; a gateway is one instance yet");
        }
        Form configuration = configurations.getFirst().keeps("id", "etag", "name", "type");
        Optional<Form> inner = configuration.requiredForm("properties");
        configuration.finish();
        if (inner.isEmpty()) {
            return Optional.empty();
        }
        Form properties = inner.get().keeps("privateIPAddress", "provisioningState", "privateIPAllocationMethod");
        Optional<Placed<ResourceId>> subnet = reference(properties, "subnet", id);
        Optional<Placed<ResourceId>> address = reference(properties, "publicIPAddress", id);
        properties.finish();
        return subnet.isEmpty() || address.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ends(subnet.get(), address.get()));
    }

    /** Reads {@code name: { id: … }}; what else stands beside the id is Azure's expansion of it. */
    static Optional<Placed<ResourceId>> reference(Form p, String name, ResourceId from) {
        return p.requiredForm(name).flatMap(f -> f.requiredParsed("id", text -> ResourceId.parse(text, from)));
    }
}
