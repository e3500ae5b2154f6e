package io.sallyport.api.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Kind;
import io.sallyport.api.network.schema.Property;
import io.sallyport.api.network.schema.Schema;
import io.sallyport.api.network.schema.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * For every type a body that has every property, and what a GET answers to it: golden/TYPE.put.json and
 * golden/TYPE.get.json. With {@code -Dsallyport.write=true} the answers are written anew.
 */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    /** Made at random. */
    private static final String GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    private final Desk desk = new Desk().lends("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4");

    static List<String> types() {
        return Schema.network().types();
    }

    @BeforeEach
    void setUp() throws IOException {
        SiteToSiteTest.setUp(desk);
        ObjectNode gateway = Desk.json(SiteToSiteTest.GATEWAY);
        ObjectNode p = gateway.withObject("/properties");
        p.put("enableBgp", true).put("enablePrivateIpAddress", true).put("enableHighBandwidthVpnGateway", true);
        p.putObject("sku").put("name", "VpnGw5AZ").put("tier", "VpnGw5AZ");
        p.put("vpnGatewayGeneration", "Generation1");
        p.putObject("bgpSettings")
                .putArray("bgpPeeringAddresses")
                .addObject()
                .put("ipconfigurationId", Desk.GROUP + "virtualNetworkGateways/gw/ipConfigurations/vnetGatewayConfig0")
                .putArray("customBgpIpAddresses")
                .add("169.254.21.1");
        desk.put("virtualNetworkGateways/gw", gateway.put("location", "local").toString());
        desk.put(
                "localNetworkGateways/golden",
                read("localNetworkGateways.put.json").toString());
        desk.put(
                "virtualNetworks/spoke",
                "{'properties':{'addressSpace':{'addressPrefixes':['10.2.0.0/16']},'subnets':["
                        + "{'name':'GatewaySubnet','properties':{'addressPrefix':'10.2.255.0/27'}},"
                        + "{'name':'a','properties':{'addressPrefix':'10.2.0.0/24'}}]}}");
        desk.put("publicIPAddresses/p2", "{}");
        desk.put("publicIPAddresses/p3", "{}");
        desk.put("publicIPPrefixes/px", "{'properties':{'prefixLength':30}}");
        desk.put("networkSecurityGroups/nsg", "{}");
        desk.put("routeTables/rt", "{}");
        desk.put("expressRouteCircuits/er", """
                {'properties':{'serviceProviderProperties':{'serviceProviderName':'Sallyport','peeringLocation':'Lab',
                 'bandwidthInMbps':200},'peerings':[{'name':'AzurePrivatePeering','properties':{
                 'peeringType':'AzurePrivatePeering','peerASN':65010,'vlanId':100,
                 'primaryPeerAddressPrefix':'10.100.0.0/30','secondaryPeerAddressPrefix':'10.100.0.4/30'}}]}}""");
    }

    private static ObjectNode read(String file) throws IOException {
        return (ObjectNode)
                Desk.JSON.readTree(Files.readString(GOLDEN.resolve(file)).replace("{G}", Desk.GROUP));
    }

    @ParameterizedTest
    @MethodSource("types")
    void whatIsPutIsShownAndCanBePutBackUnchanged(String type) throws IOException {
        String id = type + "/golden";
        assertThat(desk.complaints(id, read(type + ".put.json")).all()).isEmpty();
        ObjectNode shown = desk.show(id);
        String written = PRETTY.writeValueAsString(shown)
                        .replace(Desk.GROUP, "{G}")
                        .replaceAll("(?<!subscriptions/)" + GUID, "GUID")
                + "\n";
        Path golden = GOLDEN.resolve(type + ".get.json");
        if (Boolean.getBoolean("sallyport.write")) {
            Files.writeString(golden, written);
        }
        assertThat(written).isEqualTo(Files.readString(golden));
        ArmResource stored = desk.find(Desk.id(id)).orElseThrow();
        assertThat(desk.complaints(id, shown.deepCopy()).all()).isEmpty();
        ArmResource again = desk.find(Desk.id(id)).orElseThrow();
        assertThat(again.body()).isEqualTo(stored.body());
        assertThat(again.secrets()).isEqualTo(stored.secrets());
        assertThat(desk.show(id)).isEqualTo(shown);
    }

    @ParameterizedTest
    @MethodSource("types")
    void namesAndWordsMayBeWrittenInAnyCase(String type) throws IOException {
        String id = type + "/golden";
        desk.put(id, read(type + ".put.json").toString());
        JsonNode first = desk.find(Desk.id(id)).orElseThrow().body();
        ObjectNode shouted = shout(read(type + ".put.json"));
        assertThat(desk.complaints(id, shouted).all()).isEmpty();
        assertThat(desk.find(Desk.id(id)).orElseThrow().body()).isEqualTo(first);
    }

    /** Names of properties in capital letters. */
    private static ObjectNode shout(ObjectNode node) {
        ObjectNode out = Desk.JSON.createObjectNode();
        for (var field : node.properties()) {
            boolean free = field.getKey().equals("tags") || field.getKey().equals("userAssignedIdentities");
            out.set(
                    field.getKey().toUpperCase(java.util.Locale.ROOT),
                    free ? field.getValue() : loud(field.getValue()));
        }
        return out;
    }

    private static JsonNode loud(JsonNode value) {
        if (value instanceof ObjectNode o) {
            return shout(o);
        }
        if (value.isArray()) {
            var list = Desk.JSON.createArrayNode();
            value.forEach(item -> list.add(loud(item)));
            return list;
        }
        return value;
    }

    @Test
    void everyPropertyThatCanBeWrittenIsWrittenInAGoldenBody() throws IOException {
        TreeSet<String> missing = new TreeSet<>();
        for (String type : types()) {
            look(Schema.network().resource(type), read(type + ".put.json"), type, missing);
        }
        assertThat(missing).isEmpty();
    }

    private static void look(Shape shape, JsonNode body, String path, Set<String> missing) {
        for (Property property : shape.properties()) {
            if (property.origin() != Property.Origin.WRITTEN) {
                continue;
            }
            String here = path + "." + property.name();
            JsonNode value = body.path(property.name());
            if (value.isMissingNode()) {
                missing.add(here);
            } else {
                into(property.kind(), value, here, missing);
            }
        }
    }

    /** A property counts as written when one of several elements has it. */
    private static void into(Kind kind, JsonNode value, String path, Set<String> missing) {
        if (kind instanceof Kind.Many many) {
            TreeSet<String> all = new TreeSet<>();
            boolean first = true;
            for (JsonNode item : value) {
                TreeSet<String> own = new TreeSet<>();
                into(many.element(), item, path, own);
                if (first) {
                    all.addAll(own);
                } else {
                    all.retainAll(own);
                }
                first = false;
            }
            missing.addAll(all);
        } else if (kind instanceof Kind.Group group) {
            look(Schema.network().shape(group.shape()), value, path, missing);
        } else if (kind instanceof Kind.Named named) {
            look(Schema.network().shape(named.shape()), value.path("properties"), path, missing);
        }
    }
}
