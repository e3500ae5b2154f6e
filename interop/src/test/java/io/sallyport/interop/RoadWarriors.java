package io.sallyport.interop;

import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.LabFailure;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A gateway with clients:
 *
 * <pre>
 *   hub  10.1.0.4
 *   Sallyport  192.0.2.1 ──── switch ──── 192.0.2.10  client, gets an address of 172.16.0.0/24
 *                               └──────── 192.0.2.11  another
 * </pre>
 */
final class RoadWarriors implements AutoCloseable {
    final Lab lab = new Lab();
    final Host hub = lab.host("hub");
    final Host client = lab.host("client");
    final Host other = lab.host("other");
    /** Where further clients are plugged in: the bridge {@code br0}. */
    final Host wire = lab.host("switch");

    final Path kit = lab.directory().resolve("pki");
    final Authority root = Authority.root(kit, "root", "p256");

    RoadWarriors() {
        lab.bridge(wire, "br0");
        hub.address("10.1.0.4/32");
        lab.plug(hub, "eth0", "192.0.2.1/24", wire, "br0");
        lab.plug(client, "eth0", "192.0.2.10/24", wire, "br0");
        lab.plug(other, "eth0", "192.0.2.11/24", wire, "br0");
        root.issue("vpn.example", "p256", "DNS:vpn.example,IP:192.0.2.1", "extendedKeyUsage=serverAuth")
                .installFor(hubData(), "vpn");
    }

    Path hubData() {
        return lab.directory().resolve("hub-data");
    }

    /**
     * Starts the gateway.
     *
     * @param configuration lines of vpnClientConfiguration
     * @param clients lines of properties.sallyport.clients
     */
    Sallyport gateway(String configuration, String clients) {
        return gateway(configuration, clients, "modern");
    }

    Sallyport gateway(String configuration, String clients, String profile) {
        return Sallyport.start(
                lab,
                hub,
                lab.write("hub.yaml", resources(configuration, clients, profile)),
                Optional.empty(),
                List.of());
    }

    /** The same with a network of both families and addresses from {@code pools}. */
    Sallyport dualStackGateway(String clients, String pools) {
        hub.address("fd00:1::4/128");
        String resources = resources("", clients, "modern")
                .replace("[10.1.0.0/16]", "[10.1.0.0/16, 'fd00:1::/48']")
                .replace("[172.16.0.0/24]", "[" + pools + "]");
        return Sallyport.start(lab, hub, lab.write("hub.yaml", resources), Optional.empty(), List.of());
    }

    private static String resources(String configuration, String clients, String profile) {
        return """
                type: Microsoft.Network/virtualNetworks
                name: hub
                properties:
                  addressSpace: { addressPrefixes: [10.1.0.0/16] }
                  dhcpOptions: { dnsServers: [10.1.0.53] }
                  subnets:
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
                  vpnClientConfiguration:
                    vpnClientAddressPool: { addressPrefixes: [172.16.0.0/24] }
                    vpnClientProtocols: [IkeV2]
                %s
                  sallyport:
                    cryptoProfile: %s
                    clients:
                      certificate: vpn
                      identity: vpn.example
                %s
                """.formatted(configuration.indent(4), profile, clients.indent(6));
    }

    /** Starts strongSwan on {@code host} with one connection, {@code vpn}, whose child is {@code all}. */
    StrongSwan strongSwan(Host host, String conf, Path directory) {
        StrongSwan swan = StrongSwan.start(lab, host, "");
        swan.load(conf, directory);
        return swan;
    }

    /**
     * A client in the language of swanctl.conf.
     *
     * @param local how it proves itself: the lines of its local section
     * @param more further lines of the connection
     * @param secrets the lines of the secrets section
     */
    String swanctl(String address, String local, String more, String secrets) {
        return """
                connections {
                  vpn {
                    version = 2
                    local_addrs = %s
                    remote_addrs = 192.0.2.1
                    vips = 0.0.0.0
                    encap = yes
                    proposals = aes256gcm16-prfsha384-ecp384,aes256-sha256-ecp384
                    %s
                    local {
                      %s
                    }
                    remote {
                      auth = pubkey
                      id = vpn.example
                    }
                    children {
                      all {
                        remote_ts = 10.1.0.0/16
                        esp_proposals = aes256gcm16
                      }
                    }
                  }
                }
                secrets {
                  %s
                }
                """.formatted(address, more, local, secrets);
    }

    /** The virtual address that strongSwan has, once there is one and a ping from it is answered. */
    String awaitAddress(Host host, StrongSwan swan, Sallyport gateway) {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        var found = java.util.regex.Pattern.compile("local +'[^']*' @ [^\\n]*\\[(172\\.16\\.0\\.[0-9]+)[\\] ]");
        while (System.nanoTime() < until) {
            var matcher = found.matcher(swan.trySwanctl("--list-sas").output());
            if (matcher.find() && host.ping(matcher.group(1), "10.1.0.4", 1, Duration.ofMillis(100)) == 1) {
                return matcher.group(1);
            }
            RekeyTest.sleep(200);
        }
        throw new LabFailure("no address, or no answer, after 20 s\n"
                + swan.trySwanctl("--list-sas").output() + "\n" + swan.daemon().tail() + "\n" + gateway.log());
    }

    @Override
    public void close() {
        lab.close();
    }
}
