package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.LabFailure;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.SiteFile;
import io.sallyport.app.lab.StrongSwan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What most of these tests stand on:
 *
 * <pre>
 *   hub  10.1.0.4                                          branch  10.2.0.4
 *   Sallyport  192.0.2.1 ────────────────────────── 192.0.2.2  strongSwan
 * </pre>
 *
 * or, with a NAT between the two,
 *
 * <pre>
 *   hub  10.1.0.4              nat                         branch  10.2.0.4
 *   Sallyport  192.0.2.1 ── 192.0.2.254 │ 172.16.0.254 ── 172.16.0.2  strongSwan
 * </pre>
 */
final class TwoSites implements AutoCloseable {
    static final String KEY = "not-a-real-secret-0123456789";

    final Lab lab = new Lab();
    final Host hub = lab.host("hub");
    final Host branch = lab.host("branch");
    final boolean natted;
    private @Nullable Host nat;
    private @Nullable Sallyport sallyport;

    private TwoSites(boolean natted) {
        this.natted = natted;
        hub.address("10.1.0.4/32");
        branch.address("10.2.0.4/32");
        if (natted) {
            this.nat = lab.host("nat");
            lab.link(hub, "eth0", "192.0.2.1/24", nat, "out", "192.0.2.254/24");
            lab.link(branch, "eth0", "172.16.0.2/24", nat, "in", "172.16.0.254/24");
            branch.ip("route", "add", "default", "via", "172.16.0.254");
            nat.sysctl("net.ipv4.ip_forward", "1");
            nat.must("nft", "add table ip nat");
            nat.must("nft", "add chain ip nat post { type nat hook postrouting priority 100 ; }");
            nat.must("nft", "add rule ip nat post oifname out masquerade random");
        } else {
            lab.link(hub, "eth0", "192.0.2.1/24", branch, "eth0", "192.0.2.2/24");
        }
    }

    static TwoSites joinedByCable() {
        return new TwoSites(false);
    }

    static TwoSites withNatBeforeBranch() {
        return new TwoSites(true);
    }

    /** Makes the NAT forget its mappings and choose other ports, as one does that restarts. */
    void remap() {
        Host router = Objects.requireNonNull(nat);
        router.must("nft", "flush chain ip nat post");
        router.must("nft", "add rule ip nat post oifname out udp sport 1-65535 counter masquerade to :20000-29999");
        router.sysctl("net.netfilter.nf_conntrack_udp_timeout_stream", "1");
        router.sysctl("net.netfilter.nf_conntrack_udp_timeout", "1");
        // A mapping that there is lives for as long as was true when its last packet passed.
        branch.ping("10.2.0.4", "10.1.0.4", 1, Duration.ofMillis(100));
        RekeyTest.sleep(3000);
    }

    /** Whether a flow has been given another port since {@link #remap()}. */
    boolean isRemapped() {
        return !Objects.requireNonNull(nat)
                .must("nft", "list chain ip nat post")
                .contains("counter packets 0");
    }

    /** The property {@code ipsecPolicies} with this one combination, in Azure's names. */
    static String policy(String cipher, String ikeCipher, String ikeIntegrity, String dhGroup, String pfsGroup) {
        return """
                ipsecPolicies:
                  - saLifeTimeSeconds: 27000
                    saDataSizeKilobytes: 102400000
                    ipsecEncryption: %s
                    ipsecIntegrity: %s
                    ikeEncryption: %s
                    ikeIntegrity: %s
                    dhGroup: %s
                    pfsGroup: %s""".formatted(
                cipher, cipher.startsWith("GCM") ? cipher : "SHA256", ikeCipher, ikeIntegrity, dhGroup, pfsGroup);
    }

    /** Where the hub's Sallyport keeps its state; there before it starts. */
    Path hubData() {
        return lab.directory().resolve("hub-data");
    }

    /** The branch's address as the hub sees it. */
    String branchAddress() {
        return natted ? "192.0.2.254" : "192.0.2.2";
    }

    /**
     * Starts Sallyport at the hub.
     *
     * @param connection more properties of the connection, one a line, such as {@code connectionMode: ResponderOnly}
     */
    Sallyport sallyport(String... connection) {
        return sallyport(List.of(), KEY, connection);
    }

    Sallyport sallyport(List<String> javaOptions, String key, String... connection) {
        sallyport = Sallyport.start(
                lab,
                hub,
                lab.write("hub.yaml", resources(key, "10.2.0.0/16", connection)),
                Optional.empty(),
                javaOptions);
        return sallyport;
    }

    String resources(String key, String remotePrefix, String... connection) {
        return hubResources(branchAddress(), key, remotePrefix, connection);
    }

    /** The resources of the hub, one connection among them. */
    static String hubResources(String branchAddress, String key, String remotePrefix, String... connection) {
        return new SiteFile(
                        "hub",
                        "10.1.0.0/16",
                        "10.1.255.0/27",
                        "192.0.2.1",
                        "branch",
                        branchAddress,
                        List.of(remotePrefix),
                        key,
                        List.of(connection))
                .yaml();
    }

    /** Starts strongSwan at the branch and loads one connection. */
    StrongSwan strongSwan(Peer peer) {
        StrongSwan swan = StrongSwan.start(lab, branch, peer.settings());
        swan.load(peer.swanctl(natted ? "172.16.0.2" : "192.0.2.2"));
        return swan;
    }

    /** Starts strongSwan at the branch with connections, certificates and keys of a directory. */
    StrongSwan strongSwan(String swanctlConf, Path directory) {
        StrongSwan swan = StrongSwan.start(lab, branch, "");
        swan.load(swanctlConf, directory);
        return swan;
    }

    /** How strongSwan is configured; the defaults fit Sallyport's. */
    record Peer(
            String ike,
            String esp,
            String key,
            String localTs,
            String remoteTs,
            String connection,
            String child,
            String settings) {
        static Peer with(String ike, String esp) {
            return new Peer(ike, esp, KEY, "10.2.0.0/16", "10.1.0.0/16", "", "", "");
        }

        static Peer plain() {
            return with("aes256gcm16-prfsha384-ecp384", "aes256gcm16");
        }

        Peer key(String key) {
            return new Peer(ike, esp, key, localTs, remoteTs, connection, child, settings);
        }

        Peer selectors(String local, String remote) {
            return new Peer(ike, esp, key, local, remote, connection, child, settings);
        }

        Peer connection(String lines) {
            return new Peer(ike, esp, key, localTs, remoteTs, lines, child, settings);
        }

        Peer child(String lines) {
            return new Peer(ike, esp, key, localTs, remoteTs, connection, lines, settings);
        }

        Peer settings(String lines) {
            return new Peer(ike, esp, key, localTs, remoteTs, connection, child, lines);
        }

        String swanctl(String local) {
            return """
                    connections {
                      hub {
                        version = 2
                        local_addrs = %s
                        remote_addrs = 192.0.2.1
                        encap = yes
                        proposals = %s
                        dpd_delay = 10s
                        %s
                        local {
                          auth = psk
                          id = %s
                        }
                        remote {
                          auth = psk
                          id = 192.0.2.1
                        }
                        children {
                          net {
                            local_ts = %s
                            remote_ts = %s
                            esp_proposals = %s
                            %s
                          }
                        }
                      }
                    }
                    secrets {
                      ike-hub {
                        secret = "%s"
                      }
                    }
                    """.formatted(local, ike, connection, local, localTs, remoteTs, esp, child, key);
        }
    }

    /** Waits until strongSwan says that there is a child SA, and until a first ping is answered. */
    void awaitTunnel(StrongSwan swan) {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!swan.trySwanctl("--list-sas").output().contains("INSTALLED")
                || hub.ping("10.1.0.4", "10.2.0.4", 1, Duration.ofMillis(100)) == 0) {
            if (System.nanoTime() > until) {
                throw new LabFailure("no tunnel after 20 s\n" + swan.daemon().tail() + "\n"
                        + (sallyport == null ? "" : sallyport.log()));
            }
            RekeyTest.sleep(200);
        }
    }

    /** Waits until an echo request from one address of the hub is answered. */
    void awaitPing(String from, String to) {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (hub.ping(from, to, 1, Duration.ofMillis(100)) == 0) {
            if (System.nanoTime() > until) {
                throw new LabFailure("no answer from " + to + " to " + from + " after 20 s\n"
                        + (sallyport == null ? "" : sallyport.log()));
            }
            RekeyTest.sleep(200);
        }
    }

    /** Echo requests both ways, all of which must be answered. */
    void assertPingsBothWays() {
        assertThat(hub.ping("10.1.0.4", "10.2.0.4", 3, Duration.ofMillis(200)))
                .as("from the hub")
                .isEqualTo(3);
        assertThat(branch.ping("10.2.0.4", "10.1.0.4", 3, Duration.ofMillis(200)))
                .as("from the branch")
                .isEqualTo(3);
    }

    @Override
    public void close() {
        lab.close();
    }
}
