package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;
import io.sallyport.api.network.device.DeviceModel;
import io.sallyport.api.network.device.DeviceModels;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.base.Secret;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Devices in front of sites: which are known, and a connection's values in their words. */
final class Devices {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int IKE_LIFETIME_SECONDS = 28_800;
    /** Shorter than the gateway's, so that the device renews first. */
    private static final int ESP_LIFETIME_SECONDS = 3_600;

    private static final int TUNNEL_BASE = 11;
    private static final int SHORT_NAME_MAX = 8;
    /** Inner addresses of the tunnels: a /30 each. */
    private static final Address INNER_BASE = Address.parse("169.254.200.0");

    private Devices() {}

    /** XML, as Azure answers. */
    static String supported() {
        return DeviceModels.xml();
    }

    static Operation.Outcome script(Operation.Call call) throws Refused {
        String vendor = Actions.text(call.body(), "vendor").orElse("");
        String family = Actions.text(call.body(), "deviceFamily").orElse("");
        String firmware = Actions.text(call.body(), "firmwareVersion").orElse("");
        Optional<DeviceModel> model = DeviceModels.find(vendor, family, firmware);
        if (model.isEmpty()) {
            List<String> known = DeviceModels.all().stream()
                    .map(m -> m.vendor() + " / " + m.family())
                    .distinct()
                    .toList();
            throw Actions.refused(
                    "UnsupportedVpnDevice",
                    "vendor",
                    "found " + Findings.quoted(vendor) + " / " + Findings.quoted(family) + "; allowed: "
                            + String.join(", ", known));
        }
        return new Operation.Outcome.Answer(JSON.valueToTree(text(call, model.get())));
    }

    private static String text(Operation.Call call, DeviceModel model) throws Refused {
        ArmResource connection = call.resource();
        Neighbours neighbours = new Neighbours(call.world());
        Optional<ArmResource> gateway = neighbours.find(Neighbours.text(connection, "virtualNetworkGateway1/id"));
        Optional<ArmResource> site = neighbours.find(Neighbours.text(connection, "localNetworkGateway2/id"));
        Secret key = connection.secrets().get(Connections.KEY);
        if (gateway.isEmpty() || site.isEmpty() || key == null) {
            throw Actions.refused(
                    "InvalidConnectionType",
                    "connectionType",
                    connection.id() + " leads to no site with a shared key; allowed: a connection of type IPsec");
        }
        ObjectNode data = JSON.createObjectNode();
        names(data, connection, gateway.get(), site.get());
        algorithms(data, connection, model);
        addresses(data, gateway.get(), site.get(), neighbours);
        data.put("key", SharedKeys.text(key));
        data.put(
                "keyBase64",
                Base64.getEncoder().encodeToString(SharedKeys.text(key).getBytes(StandardCharsets.UTF_8)));
        return head(data, call, connection, model) + model.fill(data);
    }

    private static String head(ObjectNode data, Operation.Call call, ArmResource connection, DeviceModel model) {
        String c = model.comment() + " ";
        StringBuilder out = new StringBuilder();
        out.append(c)
                .append(model.vendor())
                .append(", ")
                .append(model.family())
                .append(", ")
                .append(model.firmware());
        out.append('\n').append(c).append("The device's end of the connection ").append(connection.id());
        out.append('\n')
                .append(c)
                .append("Made by Sallyport at ")
                .append(call.world().now());
        out.append('\n').append(c).append("Keep it safe: the shared key stands in it. Look for the word REPLACE.\n");
        if (!data.path("key").asString("").matches("[A-Za-z0-9]*")) {
            out.append(c)
                    .append("The shared key has characters other than letters and digits: some devices want them"
                            + " escaped.\n");
        }
        boolean narrow = Neighbours.flag(connection, "usePolicyBasedTrafficSelectors")
                || !connection.properties().path("trafficSelectorPolicies").isEmpty();
        if (model.isPolicyBased() && !narrow) {
            out.append(c).append("This device needs usePolicyBasedTrafficSelectors true on the connection.\n");
        }
        return out.toString();
    }

    private static void names(ObjectNode data, ArmResource connection, ArmResource gateway, ArmResource site) {
        String name = connection.id().name();
        data.put("connection", name);
        data.put("shortName", name.substring(0, Math.min(SHORT_NAME_MAX, name.length())));
        data.put("gateway", gateway.id().name());
        data.put("site", site.id().name());
        boolean ikev1 = Neighbours.text(connection, "connectionProtocol").equals("IKEv1");
        data.put("ikeVersion", ikev1 ? "1" : "2");
        data.put("ikev2", !ikev1);
        int dpd = connection.properties().path("dpdTimeoutSeconds").asInt(0);
        data.put("dpdInterval", String.valueOf(Math.max(3, (dpd == 0 ? 45 : dpd) / 3)));
        data.put("ikeLifetime", String.valueOf(IKE_LIFETIME_SECONDS));
        data.put("ikeLifetimeMinutes", String.valueOf(IKE_LIFETIME_SECONDS / 60));
        data.put("tunnelBase", String.valueOf(TUNNEL_BASE));
        boolean bgp = Neighbours.flag(connection, "enableBgp");
        data.put("bgp", bgp);
        data.put("gatewayAsn", String.valueOf(Bgp.asn(gateway)));
        data.put("siteAsn", String.valueOf(Bgp.asn(site)));
        data.put("siteBgp", Neighbours.text(site, "bgpSettings/bgpPeeringAddress"));
    }

    /** What the connection's policy says in the device's words; without one, what both ends surely have. */
    private static void algorithms(ObjectNode data, ArmResource connection, DeviceModel model) throws Refused {
        JsonNode policy = connection.properties().path("ipsecPolicies").path(0);
        boolean chosen = policy.isObject();
        String ike = chosen ? policy.path("ikeEncryption").asString("") : "AES256";
        String integrity = chosen ? policy.path("ikeIntegrity").asString("") : model.isOld() ? "SHA256" : "SHA384";
        boolean ikeGcm = ike.startsWith("GCM");
        String prf = integrity.startsWith("GCM") ? "SHA384" : integrity;
        String group = chosen ? group(policy.path("dhGroup").asString("")) : model.isOld() ? "14" : "20";
        boolean canGcm = model.word("esp", "GCMAES256").isPresent() && !model.isOld();
        String esp = chosen ? policy.path("ipsecEncryption").asString("") : canGcm ? "GCMAES256" : "AES256";
        String espIntegrity = chosen ? policy.path("ipsecIntegrity").asString("") : canGcm ? "GCMAES256" : "SHA256";
        boolean espGcm = esp.startsWith("GCM");
        String pfs = chosen ? group(policy.path("pfsGroup").asString("")) : group;
        int lifetime = chosen ? policy.path("saLifeTimeSeconds").asInt(ESP_LIFETIME_SECONDS) : ESP_LIFETIME_SECONDS;
        data.put("ike", word(model, "ike", ike));
        data.put("ikeGcm", ikeGcm);
        data.put("integrity", ikeGcm ? "" : word(model, "integrity", integrity));
        data.put("prf", word(model, "prf", prf));
        data.put("group", word(model, "group", group));
        data.put("esp", word(model, "esp", esp));
        data.put("espGcm", espGcm);
        String kind = model.distinguishes("esp-integrity") ? "esp-integrity" : "integrity";
        data.put("espIntegrity", espGcm ? "" : word(model, kind, espIntegrity));
        data.put("pfs", pfs.isEmpty() ? "" : word(model, model.distinguishes("pfs") ? "pfs" : "group", pfs));
        data.put("espLifetime", String.valueOf(lifetime));
    }

    private static String word(DeviceModel model, String kind, String algorithm) throws Refused {
        Optional<String> word = model.word(kind, algorithm);
        if (word.isEmpty()) {
            throw Actions.refused(
                    "VpnDeviceCannotDoPolicy",
                    "vendor",
                    "the connection's policy has " + algorithm + " as " + kind + ", which " + model.vendor() + " "
                            + model.family() + " does not have; choose another in ipsecPolicies");
        }
        return word.get();
    }

    /** The number of a group; empty for none. */
    private static String group(String name) {
        return switch (name) {
            case "DHGroup1", "PFS1" -> "1";
            case "DHGroup2", "PFS2" -> "2";
            case "DHGroup14", "DHGroup2048", "PFS14", "PFS2048" -> "14";
            case "ECP256" -> "19";
            case "ECP384" -> "20";
            case "DHGroup24", "PFS24" -> "24";
            default -> "";
        };
    }

    private static void addresses(ObjectNode data, ArmResource gateway, ArmResource site, Neighbours neighbours) {
        String device = Neighbours.text(site, "gatewayIpAddress");
        data.put("siteAddress", device.isEmpty() ? Neighbours.text(site, "fqdn") : device);
        List<Prefix> locals = Neighbours.space(site, "localNetworkAddressSpace");
        List<Prefix> remotes = Neighbours.networkOf(gateway)
                .flatMap(neighbours.world()::find)
                .map(n -> Neighbours.space(n, "addressSpace"))
                .orElse(List.of());
        prefixes(data.putArray("locals"), locals);
        prefixes(data.putArray("remotes"), remotes);
        data.put("localList", list(locals));
        data.put("remoteList", list(remotes));
        ArrayNode pairs = data.putArray("pairs");
        for (Prefix local : locals) {
            for (Prefix remote : remotes) {
                pairs.addObject().put("local", local.toString()).put("remote", remote.toString());
            }
        }
        List<String> peers = Bgp.defaults(gateway, neighbours);
        data.put("bgpPeer", peers.isEmpty() ? "" : peers.getFirst());
        ArrayNode tunnels = data.putArray("tunnels");
        List<Address> ends = new ArrayList<>(Reach.publicAddresses(gateway, neighbours));
        for (int i = 0; i < ends.size(); i++) {
            long inner = INNER_BASE.low() + 4L * i;
            ObjectNode tunnel = tunnels.addObject();
            tunnel.put("n", String.valueOf(i + 1));
            tunnel.put("tunnelNumber", String.valueOf(TUNNEL_BASE + i));
            tunnel.put("gatewayAddress", ends.get(i).toString());
            tunnel.put("inner", Address.ipv4((int) (inner + 1)).toString());
            tunnel.put("innerPeer", Address.ipv4((int) (inner + 2)).toString());
        }
    }

    private static String list(List<Prefix> prefixes) {
        return String.join(", ", prefixes.stream().map(Prefix::toString).toList());
    }

    private static void prefixes(ArrayNode out, List<Prefix> prefixes) {
        int i = 1;
        for (Prefix prefix : prefixes) {
            ObjectNode row = out.addObject();
            row.put("i", String.valueOf(i));
            row.put("comma", i == 1 ? "" : ", ");
            row.put("prefix", prefix.toString());
            row.put("address", prefix.address().toString());
            int bits = prefix.length() == 0 ? 0 : -1 << 32 - Math.min(32, prefix.length());
            row.put("mask", prefix.address().isIpv4() ? Address.ipv4(bits).toString() : "/" + prefix.length());
            i++;
        }
    }
}
