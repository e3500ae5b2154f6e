package io.sallyport.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.gateway.Plan;
import io.sallyport.gateway.Planning;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.PeerConfig;
import io.sallyport.model.NodeFile;
import io.sallyport.wire.Address;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void anOrdinaryConnectionHasAzuresDefaults() {
        PeerConfig peer = peer(Site.YAML);
        assertThat(peer.name()).isEqualTo("hub-to-branch");
        assertThat(peer.local()).isEqualTo(Address.parse("192.0.2.1"));
        assertThat(peer.remote()).contains(Address.parse("192.0.2.2"));
        assertThat(peer.localIdentity()).hasToString("192.0.2.1");
        assertThat(peer.remoteIdentity()).isEmpty();
        assertThat(peer.lifetime()).isEqualTo(Duration.ofHours(8));
        assertThat(peer.dpdTimeout()).isEqualTo(Duration.ofSeconds(45));
        assertThat(peer.mayInitiate() && peer.mayRespond()).isTrue();
        ChildConfig child = peer.children().getFirst();
        assertThat(child.local().toString()).isEqualTo("[0.0.0.0/0]");
        assertThat(child.remote().toString()).isEqualTo("[0.0.0.0/0]");
        assertThat(child.lifetime()).isEqualTo(Duration.ofMinutes(450));
        assertThat(child.lifetimeBytes()).isEqualTo(102_400_000L * 1024);
        assertThat(child.replayWindow()).isPositive();
    }

    @Test
    void ipv6InsideWidensTheSelectors() {
        PeerConfig peer = peer(Site.with("[10.2.0.0/16]", "[10.2.0.0/16, '2001:db8:2::/48']"));
        assertThat(peer.children().getFirst().remote().toString()).isEqualTo("[0.0.0.0/0, ::/0]");
    }

    @Test
    void policyBasedSelectorsAreThePrefixesOfBothSides() {
        PeerConfig peer = peer(Site.withConnection("""
                usePolicyBasedTrafficSelectors: true
                  ipsecPolicies: [{ saLifeTimeSeconds: 3600, saDataSizeKilobytes: 2048, ipsecEncryption: AES256,
                    ipsecIntegrity: SHA256, ikeEncryption: AES256, ikeIntegrity: SHA256, dhGroup: DHGroup14,
                    pfsGroup: None }]
                """));
        assertThat(peer.children()).hasSize(1);
        ChildConfig child = peer.children().getFirst();
        assertThat(child.local().toString()).isEqualTo("[10.1.0.0/16]");
        assertThat(child.remote().toString()).isEqualTo("[10.2.0.0/16]");
        assertThat(child.lifetime()).isEqualTo(Duration.ofHours(1));
        assertThat(child.lifetimeBytes()).isEqualTo(2048L * 1024);
        assertThat(peer.offers().toString())
                .isEqualTo("[AES-CBC-256/HMAC-SHA256-128/PRF-HMAC-SHA256/MODP-2048 (group 14)]");
    }

    @Test
    void selectorPoliciesBecomeOneChildEach() {
        PeerConfig peer = peer(Site.withConnection("trafficSelectorPolicies:"
                + " [{ localAddressRanges: [10.1.0.0/24], remoteAddressRanges: [10.2.0.1-10.2.0.9] },"
                + " { localAddressRanges: [10.1.1.0/24], remoteAddressRanges: [10.2.1.0/24] }]"));
        assertThat(peer.children()).extracting(ChildConfig::name).containsExactly("selectors-1", "selectors-2");
        assertThat(peer.children().getFirst().remote().toString()).isEqualTo("[10.2.0.1-10.2.0.9]");
    }

    @Test
    void modesIdentitiesAndExtensionsArriveAtThePeer() {
        PeerConfig peer = peer(Site.withConnection("connectionMode: ResponderOnly\n  dpdTimeoutSeconds: 9\n"
                + "  sallyport: { encapsulation: raw, localIdentity: hub.example, remoteIdentity: 192.0.2.77,"
                + " replayWindow: 128, cryptoProfile: cnsa }"));
        assertThat(peer.mayInitiate()).isFalse();
        assertThat(peer.mayRespond()).isTrue();
        assertThat(peer.dpdTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(peer.encapsulation()).isEqualTo(PeerConfig.EncapsulationMode.RAW);
        assertThat(peer.localIdentity()).hasToString("hub.example");
        assertThat(peer.remoteIdentity().orElseThrow()).hasToString("192.0.2.77");
        assertThat(peer.children().getFirst().replayWindow()).isEqualTo(128);
        assertThat(peer.accepts()).allMatch(s -> s.keyExchange().strengthBits() >= 192);
    }

    @Test
    void replayProtectionCanBeSwitchedOffForTheGateway() {
        PeerConfig peer = peer(Site.with("vpnType: RouteBased", "disableIPSecReplayProtection: true"));
        assertThat(peer.children().getFirst().replayWindow()).isZero();
    }

    @Test
    void devicesSocketsAndRoutesComeFromTheNodeFile() {
        Plan plan = plan(Site.YAML, Site.node(Site.NODE));
        assertThat(plan.surfaces()).hasSize(1);
        Plan.Surface surface = plan.surfaces().getFirst();
        assertThat(surface.device()).isEqualTo("sp-hub");
        assertThat(surface.mtu()).isEqualTo(1400);
        assertThat(surface.icmpSource()).containsExactly(Address.parse("10.1.255.4"));
        assertThat(plan.listeners().getFirst().ikePort()).isEqualTo(500);
        assertThat(plan.tunnels().toString()).contains("hub-to-branch").contains("10.2.0.0/16");
    }

    @Test
    void withoutANodeFileEachVnetIsADeviceOfItsOwnName() {
        NodeFile machine = NodeFile.ofMachine("local", List.of(Address.parse("192.0.2.1")));
        assertThat(plan(Site.YAML, machine).surfaces().getFirst().device()).isEqualTo("sp-hub");
        assertThat(NodeFile.deviceFor("a-rather-long-network")).hasSize(15).startsWith("sp-a-rather");
    }

    @Test
    void anAddressThatTheMachineDoesNotLendIsRefused() {
        NodeFile machine = NodeFile.ofMachine("n1", List.of(Address.parse("198.51.100.7")));
        Planning planning = Planning.of(Site.resources(Site.YAML), machine, List.of());
        assertThat(planning.plan()).isEqualTo(Plan.NONE);
        assertThat(planning.left())
                .extracting(l -> l.reason().code())
                .containsExactly("AddressNotLent", "InvalidResourceReference");
        assertThat(planning.left().getLast().message()).contains("hub-gw', which is not carried: publicIPAddresses");
        assertThat(planning.left().stream().map(l -> l.problem().toString()))
                .first()
                .isEqualTo("site.yaml:11: publicIPAddresses/hub-ip: properties.ipAddress: found '192.0.2.1', which"
                        + " virtualNetworkGateways/hub-gw needs and node 'n1' does not lend; lent: 198.51.100.7");
    }

    @Test
    void aVnetThatTheNodeDoesNotSurfaceIsRefused() {
        NodeFile node = Site.node(Site.NODE.replace("vnet: hub", "vnet: spoke"));
        Planning planning = Planning.of(Site.resources(Site.YAML), node, List.of());
        assertThat(planning.left().getFirst().message()).contains("does not surface; networks there: spoke");
    }

    @Test
    void noSecretIsInAPlan() {
        assertThat(plan(Site.YAML, Site.node(Site.NODE)).toString()).doesNotContain("not-a-real");
        assertThat(Site.resources(Site.YAML).all().toString()).doesNotContain("not-a-real");
    }

    private static PeerConfig peer(String yaml) {
        return plan(yaml, Site.node(Site.NODE)).peers().getFirst();
    }

    private static Plan plan(String yaml, NodeFile node) {
        Planning planning = Planning.of(Site.resources(yaml), node, List.of());
        assertThat(planning.left()).isEmpty();
        return planning.plan();
    }
}
