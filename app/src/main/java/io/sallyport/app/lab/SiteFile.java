package io.sallyport.app.lab;

import java.util.List;

/**
 * The resources of one end of a site-to-site tunnel, as a file: a virtual network, its gateway with a public address,
 * the other site, and the connection.
 *
 * @param here name of this site's virtual network
 * @param prefix its address space, such as 10.1.0.0/16
 * @param gatewaySubnet a part of it for the gateway
 * @param publicAddress of the gateway
 * @param there name of the other site
 * @param peerAddress the other gateway's address
 * @param peerPrefixes what lies behind it
 * @param sharedKey of both
 * @param connection more properties of the connection, each beginning a line
 */
public record SiteFile(
        String here,
        String prefix,
        String gatewaySubnet,
        String publicAddress,
        String there,
        String peerAddress,
        List<String> peerPrefixes,
        String sharedKey,
        List<String> connection) {
    /** The connection's name. */
    public String connectionName() {
        return here + "-to-" + there;
    }

    /** As YAML documents. */
    public String yaml() {
        String more = String.join(
                "",
                connection.stream()
                        .map(line -> "  " + line.replace("\n", "\n  ") + "\n")
                        .toList());
        return """
                type: Microsoft.Network/virtualNetworks
                name: %1$s
                properties:
                  addressSpace: { addressPrefixes: [%2$s] }
                  subnets:
                    - { name: GatewaySubnet, properties: { addressPrefix: %3$s } }
                ---
                type: Microsoft.Network/publicIPAddresses
                name: %1$s-ip
                properties: { publicIPAllocationMethod: Static, publicIPAddressVersion: %10$s, ipAddress: "%4$s" }
                ---
                type: Microsoft.Network/virtualNetworkGateways
                name: %1$s-gw
                properties:
                  gatewayType: Vpn
                  vpnType: RouteBased
                  sku: { name: VpnGw5AZ, tier: VpnGw5AZ }
                  ipConfigurations:
                    - name: default
                      properties:
                        subnet: { id: virtualNetworks/%1$s/subnets/GatewaySubnet }
                        publicIPAddress: { id: publicIPAddresses/%1$s-ip }
                ---
                type: Microsoft.Network/localNetworkGateways
                name: %5$s
                properties:
                  gatewayIpAddress: "%6$s"
                  localNetworkAddressSpace: { addressPrefixes: [%7$s] }
                ---
                type: Microsoft.Network/connections
                name: %8$s
                properties:
                  connectionType: IPsec
                  %11$ssharedKey: "%9$s"
                  virtualNetworkGateway1: { id: virtualNetworkGateways/%1$s-gw }
                  localNetworkGateway2: { id: localNetworkGateways/%5$s }
                """.formatted(
                                here,
                                prefix,
                                gatewaySubnet,
                                publicAddress,
                                there,
                                peerAddress,
                                String.join(", ", peerPrefixes),
                                connectionName(),
                                sharedKey,
                                publicAddress.contains(":") ? "IPv6" : "IPv4",
                                more.contains("  connectionProtocol:") ? "" : "connectionProtocol: IKEv2\n  ")
                + more;
    }
}
