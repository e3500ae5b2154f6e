package io.sallyport.engine.follow;

import io.sallyport.base.Secret;
import io.sallyport.engine.Site;
import io.sallyport.store.Change;
import io.sallyport.store.Conflict;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import io.sallyport.store.StoreFailure;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The site of {@link Site} as the API stores it. */
final class StoredSite {
    static final String GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/local/providers/";

    static final String VNET = """
            { "addressSpace": { "addressPrefixes": ["10.1.0.0/16"] },
              "enableDdosProtection": false,
              "subnets": [
                { "name": "GatewaySubnet", "id": "x", "etag": "y",
                  "properties": { "addressPrefix": "10.1.255.0/27", "provisioningState": "Succeeded" } } ] }
            """;

    static final String ADDRESS = """
            { "publicIPAllocationMethod": "Static", "ipAddress": "192.0.2.1", "publicIPAddressVersion": "IPv4" }
            """;

    static final String GATEWAY = """
            { "gatewayType": "Vpn", "vpnType": "RouteBased", "sku": { "name": "VpnGw2", "tier": "VpnGw2" },
              "enableBgp": true, "activeActive": false, "bgpSettings": { "asn": 65515 }, "natRule": [1],
              "ipConfigurations": [ { "name": "default", "properties": {
                "subnet": { "id": "%svirtualNetworks/hub/subnets/GatewaySubnet" },
                "publicIPAddress": { "id": "%spublicIPAddresses/hub-ip" } } } ] }
            """.formatted(GROUP + "Microsoft.Network/", GROUP + "Microsoft.Network/");

    static final String BRANCH = """
            { "gatewayIpAddress": "192.0.2.2", "localNetworkAddressSpace": { "addressPrefixes": ["10.2.0.0/16"] } }
            """;

    static final String CONNECTION = """
            { "connectionType": "IPsec", "connectionProtocol": "IKEv2", "enableBgp": false, "routingWeight": 10,
              "ipsecPolicies": [], "trafficSelectorPolicies": [], "dpdTimeoutSeconds": 0,
              "virtualNetworkGateway1": { "id": "%svirtualNetworkGateways/hub-gw" },
              "localNetworkGateway2": { "id": "%slocalNetworkGateways/branch" } }
            """.formatted(GROUP + "Microsoft.Network/", GROUP + "Microsoft.Network/");

    /** From hub to spoke. */
    static final String FORTH = """
            { "connectionType": "Vnet2Vnet",
              "virtualNetworkGateway1": { "id": "%svirtualNetworkGateways/hub-gw" },
              "virtualNetworkGateway2": { "id": "%svirtualNetworkGateways/spoke-gw" } }
            """.formatted(GROUP + "Microsoft.Network/", GROUP + "Microsoft.Network/");

    /** From spoke to hub. */
    static final String BACK =
            FORTH.replace("hub-gw", "@").replace("spoke-gw", "hub-gw").replace("@", "spoke-gw");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Store store;
    private final boolean mirrored;

    /** @param mirrored whether it is the branch's side */
    StoredSite(Store store, boolean mirrored) {
        this.store = store;
        this.mirrored = mirrored;
    }

    static String id(String type, String name) {
        return GROUP + "Microsoft.Network/" + type + "/" + name;
    }

    void putAll() {
        putNetwork();
        putConnection();
    }

    void putNetwork() {
        put("virtualNetworks", "hub", VNET);
        put("publicIPAddresses", "hub-ip", ADDRESS);
        put("virtualNetworkGateways", "hub-gw", GATEWAY);
        put("localNetworkGateways", "branch", BRANCH);
    }

    /** A second VNet with a gateway, on the other address. */
    void putSpoke() {
        put("virtualNetworks", "spoke", VNET.replace("10.1.", "10.3."));
        put("publicIPAddresses", "spoke-ip", ADDRESS.replace("192.0.2.1", "192.0.2.2"));
        put(
                "virtualNetworkGateways",
                "spoke-gw",
                GATEWAY.replace("/hub/", "/spoke/").replace("hub-ip", "spoke-ip"));
    }

    long putConnection() {
        return put("connections", "hub-to-branch", CONNECTION, Site.SECRET);
    }

    long put(String type, String name, String properties) {
        return put(type, name, properties, "");
    }

    long put(String type, String name, String properties, String sharedKey) {
        ObjectNode body = JSON.createObjectNode();
        body.put("id", id(type, name));
        body.put("name", name);
        body.put("type", "Microsoft.Network/" + type);
        body.put("location", "local");
        ObjectNode written = (ObjectNode) JSON.readTree(mirrored ? mirror(properties) : properties);
        if (mirrored && type.equals("connections")) {
            // Two ends that begin at once make two tunnels and remove one.
            written.put("connectionMode", "ResponderOnly");
        }
        body.set("properties", written);
        Map<String, Secret> secrets =
                sharedKey.isEmpty() ? Map.of() : Map.of("/properties/sharedKey", Secret.utf8(sharedKey));
        return commit(new Change.Put(
                Keys.of(Keys.RESOURCE, id(type, name)),
                Change.Expectation.ANY,
                body.toString(),
                secrets,
                Document.Lifetime.DURABLE));
    }

    void delete(String type, String name) {
        commit(new Change.Delete(Keys.of(Keys.RESOURCE, id(type, name)), Change.Expectation.ANY));
    }

    long commit(Change change) {
        try {
            return store.commit(List.of(change));
        } catch (StoreFailure | Conflict e) {
            throw new AssertionError(e);
        }
    }

    /** Hub and branch change places. */
    private static String mirror(String text) {
        return text.replace("192.0.2.1", "@A")
                .replace("192.0.2.2", "192.0.2.1")
                .replace("@A", "192.0.2.2")
                .replace("10.1.", "@B")
                .replace("10.2.", "10.1.")
                .replace("@B", "10.2.");
    }
}
