package io.sallyport.interop;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.Region;
import com.azure.core.management.SubResource;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.management.profile.AzureProfile;
import com.azure.resourcemanager.network.NetworkManager;
import com.azure.resourcemanager.network.fluent.NetworkManagementClient;
import com.azure.resourcemanager.network.fluent.models.ConnectionSharedKeyInner;
import com.azure.resourcemanager.network.fluent.models.LocalNetworkGatewayInner;
import com.azure.resourcemanager.network.fluent.models.PublicIpAddressInner;
import com.azure.resourcemanager.network.fluent.models.SubnetInner;
import com.azure.resourcemanager.network.fluent.models.VirtualNetworkGatewayConnectionInner;
import com.azure.resourcemanager.network.fluent.models.VirtualNetworkGatewayInner;
import com.azure.resourcemanager.network.fluent.models.VirtualNetworkGatewayIpConfigurationInner;
import com.azure.resourcemanager.network.fluent.models.VirtualNetworkGatewayNatRuleInner;
import com.azure.resourcemanager.network.fluent.models.VirtualNetworkInner;
import com.azure.resourcemanager.network.models.AddressSpace;
import com.azure.resourcemanager.network.models.IpAllocationMethod;
import com.azure.resourcemanager.network.models.PublicIpAddressSku;
import com.azure.resourcemanager.network.models.PublicIpAddressSkuName;
import com.azure.resourcemanager.network.models.TagsObject;
import com.azure.resourcemanager.network.models.VirtualNetworkGatewayConnectionProtocol;
import com.azure.resourcemanager.network.models.VirtualNetworkGatewayConnectionType;
import com.azure.resourcemanager.network.models.VirtualNetworkGatewaySku;
import com.azure.resourcemanager.network.models.VirtualNetworkGatewaySkuName;
import com.azure.resourcemanager.network.models.VirtualNetworkGatewaySkuTier;
import com.azure.resourcemanager.network.models.VirtualNetworkGatewayType;
import com.azure.resourcemanager.network.models.VpnNatRuleMapping;
import com.azure.resourcemanager.network.models.VpnNatRuleMode;
import com.azure.resourcemanager.network.models.VpnNatRuleType;
import com.azure.resourcemanager.network.models.VpnType;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A program with the Azure SDK for Java, low level and fluent; arguments: endpoint, token, subscription, tenant, shared key. */
final class SdkForJava {
    private static final String GROUP = "java";

    private final NetworkManager manager;
    private final NetworkManagementClient client;
    private final String key;

    private SdkForJava(NetworkManager manager, String key) {
        this.manager = manager;
        this.client = manager.serviceClient();
        this.key = key;
    }

    public static void main(String[] args) {
        Map<String, String> endpoints = new HashMap<>();
        for (AzureEnvironment.Endpoint each : AzureEnvironment.Endpoint.values()) {
            endpoints.put(each.identifier(), args[0] + "/");
        }
        endpoints.put("activeDirectoryEndpointUrl", args[0] + "/adfs/");
        TokenCredential credential = _ -> Mono.just(
                new AccessToken(args[1], OffsetDateTime.now(ZoneOffset.UTC).plusHours(1)));
        AzureProfile profile = new AzureProfile(args[3], args[2], new AzureEnvironment(endpoints));
        SdkForJava sdk = new SdkForJava(NetworkManager.configure().authenticate(credential, profile), args[4]);
        if (args[5].equals("build")) {
            sdk.build();
        } else {
            sdk.useAndRemove();
        }
        say("done");
        System.exit(0);
    }

    /** Everything for one tunnel, with the low-level clients. */
    private void build() {
        manager.resourceManager()
                .resourceGroups()
                .define(GROUP)
                .withRegion("local")
                .create();
        VirtualNetworkInner network = client.getVirtualNetworks()
                .createOrUpdate(
                        GROUP,
                        "hub",
                        new VirtualNetworkInner()
                                .withLocation("local")
                                .withAddressSpace(new AddressSpace().withAddressPrefixes(List.of("10.1.0.0/16")))
                                .withSubnets(List.of(new SubnetInner()
                                        .withName("GatewaySubnet")
                                        .withAddressPrefix("10.1.255.0/27"))));
        expect("the network", network.provisioningState(), "Succeeded");
        PublicIpAddressInner address = client.getPublicIpAddresses()
                .createOrUpdate(
                        GROUP,
                        "hub-ip",
                        new PublicIpAddressInner()
                                .withLocation("local")
                                .withSku(new PublicIpAddressSku().withName(PublicIpAddressSkuName.STANDARD))
                                .withPublicIpAllocationMethod(IpAllocationMethod.STATIC));
        expect("the address", address.ipAddress(), "192.0.2.1");
        VirtualNetworkGatewayInner gateway = client.getVirtualNetworkGateways()
                .createOrUpdate(
                        GROUP,
                        "hub-gw",
                        new VirtualNetworkGatewayInner()
                                .withLocation("local")
                                .withGatewayType(VirtualNetworkGatewayType.VPN)
                                .withVpnType(VpnType.ROUTE_BASED)
                                .withSku(new VirtualNetworkGatewaySku()
                                        .withName(VirtualNetworkGatewaySkuName.VPN_GW2)
                                        .withTier(VirtualNetworkGatewaySkuTier.VPN_GW2))
                                .withIpConfigurations(List.of(new VirtualNetworkGatewayIpConfigurationInner()
                                        .withName("default")
                                        .withPrivateIpAllocationMethod(IpAllocationMethod.DYNAMIC)
                                        .withSubnet(new SubResource()
                                                .withId(network.subnets()
                                                        .getFirst()
                                                        .id()))
                                        .withPublicIpAddress(new SubResource().withId(address.id())))));
        expect("the gateway", gateway.provisioningState(), "Succeeded");
        LocalNetworkGatewayInner site = client.getLocalNetworkGateways()
                .createOrUpdate(
                        GROUP,
                        "branch",
                        new LocalNetworkGatewayInner()
                                .withLocation("local")
                                .withGatewayIpAddress("192.0.2.2")
                                .withLocalNetworkAddressSpace(
                                        new AddressSpace().withAddressPrefixes(List.of("10.2.0.0/16"))));
        VirtualNetworkGatewayConnectionInner connection = client.getVirtualNetworkGatewayConnections()
                .createOrUpdate(
                        GROUP,
                        "hub-to-branch",
                        new VirtualNetworkGatewayConnectionInner()
                                .withLocation("local")
                                .withVirtualNetworkGateway1(gateway)
                                .withLocalNetworkGateway2(site)
                                .withConnectionType(VirtualNetworkGatewayConnectionType.IPSEC)
                                .withConnectionProtocol(VirtualNetworkGatewayConnectionProtocol.IKEV2)
                                .withSharedKey(key));
        expect("the connection", connection.provisioningState(), "Succeeded");
    }

    private void useAndRemove() {
        var connections = client.getVirtualNetworkGatewayConnections();
        var gateways = client.getVirtualNetworkGateways();
        expect(
                "the status",
                connections.getByResourceGroup(GROUP, "hub-to-branch").connectionStatus(),
                "Connected");
        expect("the key", connections.getSharedKey(GROUP, "hub-to-branch").value(), key);
        expectPart("SAs", connections.getIkeSas(GROUP, "hub-to-branch"), "192.0.2.2");
        connections.setSharedKey(GROUP, "hub-to-branch", new ConnectionSharedKeyInner().withValue("another"));
        expect("the other key", connections.getSharedKey(GROUP, "hub-to-branch").value(), "another");
        expectPart(
                "routes",
                gateways.getLearnedRoutes(GROUP, "hub-gw").value().stream()
                        .map(r -> r.network())
                        .toList()
                        .toString(),
                "10.2.0.0/16");
        gateways.getBgpPeerStatus(GROUP, "hub-gw");
        expectPart("devices", gateways.supportedVpnDevices(GROUP, "hub-gw"), "strongSwan");
        expect(
                "tags",
                gateways.updateTags(GROUP, "hub-gw", new TagsObject().withTags(Map.of("a", "b")))
                        .tags()
                        .get("a"),
                "b");
        client.getVirtualNetworkGatewayNatRules()
                .createOrUpdate(
                        GROUP,
                        "hub-gw",
                        "snat",
                        new VirtualNetworkGatewayNatRuleInner()
                                .withTypePropertiesType(VpnNatRuleType.STATIC)
                                .withMode(VpnNatRuleMode.EGRESS_SNAT)
                                .withInternalMappings(List.of(new VpnNatRuleMapping().withAddressSpace("10.1.0.0/24")))
                                .withExternalMappings(
                                        List.of(new VpnNatRuleMapping().withAddressSpace("10.77.0.0/24"))));
        expect(
                "NAT rules",
                (int) client.getVirtualNetworkGatewayNatRules().listByVirtualNetworkGateway(GROUP, "hub-gw").stream()
                        .count(),
                1);
        client.getVirtualNetworkGatewayNatRules().delete(GROUP, "hub-gw", "snat");
        expect("reset", gateways.reset(GROUP, "hub-gw").name(), "hub-gw");
        connections.resetConnection(GROUP, "hub-to-branch");
        gateways.startPacketCapture(GROUP, "hub-gw");
        expect(
                "connections of the gateway",
                (int) gateways.listConnections(GROUP, "hub-gw").stream().count(),
                1);
        try {
            gateways.getByResourceGroup(GROUP, "nowhere");
            throw new IllegalStateException("a gateway that does not exist was found");
        } catch (ManagementException e) {
            expect("a missing gateway", e.getValue().getCode(), "ResourceNotFound");
        }
        try {
            gateways.delete(GROUP, "hub-gw");
            throw new IllegalStateException("a gateway in use was deleted");
        } catch (ManagementException e) {
            say("a gateway in use: " + e.getValue().getCode());
        }
        fluent();
        connections.delete(GROUP, "hub-to-branch");
        gateways.delete(GROUP, "hub-gw");
        client.getLocalNetworkGateways().delete(GROUP, "branch");
        client.getPublicIpAddresses().delete(GROUP, "hub-ip");
        client.getVirtualNetworks().delete(GROUP, "hub");
        expect(
                "networks that are left",
                (int) client.getVirtualNetworks().listByResourceGroup(GROUP).stream()
                        .filter(n -> n.name().equals("hub"))
                        .count(),
                0);
        manager.resourceManager().resourceGroups().deleteByName(GROUP);
    }

    /** The same with the SDK's own building blocks. */
    private void fluent() {
        Region here = Region.create("local", "local");
        var network = manager.networks()
                .define("fluent")
                .withRegion(here)
                .withExistingResourceGroup(GROUP)
                .withAddressSpace("10.3.0.0/16")
                .withSubnet("GatewaySubnet", "10.3.255.0/27")
                .create();
        var gateway = manager.virtualNetworkGateways()
                .define("fluent-gw")
                .withRegion(here)
                .withExistingResourceGroup(GROUP)
                .withExistingNetwork(network)
                .withRouteBasedVpn()
                .withSku(VirtualNetworkGatewaySkuName.VPN_GW1)
                .create();
        var site = manager.localNetworkGateways()
                .define("fluent-site")
                .withRegion(here)
                .withExistingResourceGroup(GROUP)
                .withIPAddress("192.0.2.77")
                .withAddressSpace("10.4.0.0/16")
                .create();
        gateway.connections()
                .define("fluent-connection")
                .withSiteToSite()
                .withLocalNetworkGateway(site)
                .withSharedKey(key)
                .create();
        expect("fluent connections", (int) gateway.listConnections().stream().count(), 1);
        gateway.connections().deleteByName("fluent-connection");
        manager.virtualNetworkGateways().deleteById(gateway.id());
        manager.localNetworkGateways().deleteById(site.id());
        manager.networks().deleteById(network.id());
    }

    private static void expect(String what, @Nullable Object found, Object wanted) {
        if (!String.valueOf(found).equals(String.valueOf(wanted))) {
            throw new IllegalStateException(what + ": found " + found + ", expected " + wanted);
        }
        say(what);
    }

    private static void expectPart(String what, String found, String wanted) {
        if (!found.contains(wanted)) {
            throw new IllegalStateException(what + ": found " + found + ", expected " + wanted + " in it");
        }
        say(what);
    }

    private static void say(String what) {
        System.out.println("ok: " + what);
    }
}
