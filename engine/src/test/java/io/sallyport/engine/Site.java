package io.sallyport.engine;

import io.sallyport.documents.Documents;
import io.sallyport.documents.Source;
import io.sallyport.model.NodeFile;
import io.sallyport.model.Resources;
import io.sallyport.model.document.Problem;
import io.sallyport.model.document.Problems;
import java.util.List;

/** A complete site, and ways to spoil it. */
public final class Site {
    public static final String SECRET = "not-a-real-secret-0123456789";

    public static final String YAML = """
            type: Microsoft.Network/virtualNetworks
            name: hub
            properties:
              addressSpace: { addressPrefixes: [10.1.0.0/16] }
              subnets:
                - { name: default, properties: { addressPrefix: 10.1.0.0/24 } }
                - { name: GatewaySubnet, properties: { addressPrefix: 10.1.255.0/27 } }
            ---
            type: Microsoft.Network/publicIPAddresses
            name: hub-ip
            properties: { publicIPAllocationMethod: Static, ipAddress: 192.0.2.1 }
            ---
            type: Microsoft.Network/virtualNetworkGateways
            name: hub-gw
            properties:
              gatewayType: Vpn
              vpnType: RouteBased
              sku: { name: VpnGw5AZ, tier: VpnGw5AZ }
              ipConfigurations:
                - name: default
                  properties:
                    subnet: { id: virtualNetworks/hub/subnets/GatewaySubnet }
                    publicIPAddress: { id: publicIPAddresses/hub-ip }
            ---
            type: Microsoft.Network/localNetworkGateways
            name: branch
            properties:
              gatewayIpAddress: 192.0.2.2
              localNetworkAddressSpace: { addressPrefixes: [10.2.0.0/16] }
            ---
            type: Microsoft.Network/connections
            name: hub-to-branch
            properties:
              connectionType: IPsec
              connectionProtocol: IKEv2
              sharedKey: not-a-real-secret-0123456789
              virtualNetworkGateway1: { id: virtualNetworkGateways/hub-gw }
              localNetworkGateway2: { id: localNetworkGateways/branch }
            """;

    public static final String NODE = """
            node: n1
            publicAddresses:
              - { address: 192.0.2.1, device: eth0 }
            networks:
              - { vnet: hub, device: sp-hub }
            """;

    private Site() {}

    /** The lines a person sees when {@code yaml} is applied to nothing. */
    public static List<String> errors(String yaml) {
        Problems problems = new Problems();
        Resources.NONE.with(Documents.read(new Source("site.yaml", yaml), problems), problems);
        return problems.errors().stream().map(Problem::toString).toList();
    }

    /** The site with one piece of text replaced, which must be there. */
    public static String with(String from, String to) {
        if (!YAML.contains(from)) {
            throw new IllegalArgumentException(from);
        }
        return YAML.replace(from, to);
    }

    /** The connection with more properties. */
    public static String withConnection(String property) {
        return YAML + "  " + property + "\n";
    }

    public static Resources resources(String yaml) {
        Problems problems = new Problems();
        return Resources.NONE
                .with(Documents.read(new Source("site.yaml", yaml), problems), problems)
                .orElseThrow(() -> new AssertionError(problems.errors()));
    }

    public static NodeFile node(String yaml) {
        Problems problems = new Problems();
        return NodeFile.read(Documents.read(new Source("node.yaml", yaml), problems), "node.yaml", problems)
                .orElseThrow(() -> new AssertionError(problems.errors()));
    }
}
