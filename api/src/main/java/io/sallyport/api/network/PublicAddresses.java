package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.wire.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network/publicIPAddresses: each is one of the addresses that the machines lend. */
final class PublicAddresses implements Behaviour {
    @Override
    public String type() {
        return Neighbours.ADDRESSES;
    }

    @Override
    public ArmResource complete(
            ArmResource made, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        ObjectNode p = made.properties();
        boolean wantsIpv4 = !p.path("publicIPAddressVersion").asString("").equals("IPv6");
        String stored = before.map(b -> Neighbours.text(b, "ipAddress")).orElse("");
        if (!p.has("ipAddress") && !stored.isEmpty()) {
            p.put("ipAddress", stored);
        }
        List<Address> lent = lent(neighbours);
        if (lent.isEmpty()) {
            return made;
        }
        if (!p.has("ipAddress")) {
            Optional<Address> free = lent.stream()
                    .filter(a -> a.isIpv4() == wantsIpv4)
                    .filter(a -> holder(a, made, neighbours).isEmpty())
                    .findFirst();
            if (free.isPresent()) {
                p.put("ipAddress", free.get().toString());
            } else {
                findings.wrong(
                        "PublicIPCountLimitReached",
                        "properties.ipAddress",
                        "no " + (wantsIpv4 ? "IPv4" : "IPv6") + " address is free; the machines lend "
                                + held(lent, made, neighbours) + "; allowed: an address that a node file lends");
            }
        }
        return made;
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        String path = "properties.ipAddress";
        Optional<Address> address = Neighbours.address(Neighbours.text(wanted, "ipAddress"));
        String stored = before.map(b -> Neighbours.text(b, "ipAddress")).orElse("");
        boolean isIpv6 = Neighbours.text(wanted, "publicIPAddressVersion").equals("IPv6");
        address.ifPresent(found -> {
            if (found.isIpv4() == isIpv6) {
                findings.wrong(
                        "InvalidIPAddressVersion",
                        path,
                        "found '" + found + "'; allowed: an " + (isIpv6 ? "IPv6" : "IPv4") + " address");
            }
            holder(found, wanted, neighbours)
                    .ifPresent(other -> findings.wrong(
                            "PublicIPAddressInUse",
                            path,
                            "found '" + found + "', which " + other.id() + " has already"));
            List<Address> lent = lent(neighbours);
            if (!lent.isEmpty() && !lent.contains(found) && !stored.equals(found.toString())) {
                findings.wrong(
                        "PublicIPAddressNotLent",
                        path,
                        "found '" + found + "'; allowed: an address that a machine lends: "
                                + held(lent, wanted, neighbours));
            }
            if (!stored.isEmpty() && !stored.equals(found.toString())) {
                user(wanted, neighbours)
                        .ifPresent(gateway -> findings.wrong(
                                "PublicIPAddressInUse",
                                path,
                                "found '" + found + "', but " + gateway + " uses " + stored
                                        + "; allowed: to change it when nothing uses it"));
            }
        });
        before.ifPresent(old -> unchanged(old, wanted, findings));
        if (wanted.body().at("/sku/name").asString("").equals("Basic")) {
            findings.warn("sku.name", "Azure retired Basic public addresses; here it is the same as Standard");
        }
        if (Neighbours.text(wanted, "publicIPAllocationMethod").equals("Dynamic")) {
            findings.warn(
                    "properties.publicIPAllocationMethod",
                    "the address is one that a machine lends and stays; here Dynamic is the same as Static");
        }
        String prefix = Neighbours.text(wanted, "publicIPPrefix/id");
        if (!prefix.isEmpty()) {
            neighbours
                    .find(prefix)
                    .flatMap(p -> Neighbours.prefix(Neighbours.text(p, "ipPrefix")))
                    .ifPresent(range -> {
                        if (address.filter(range::contains).isEmpty()) {
                            findings.wrong(
                                    "PublicIPAddressNotInPrefix",
                                    path,
                                    "found '" + address.map(Address::toString).orElse("nothing")
                                            + "'; allowed: an address of " + range + " (" + prefix + ")");
                        }
                    });
        }
    }

    private static void unchanged(ArmResource old, ArmResource wanted, Findings findings) {
        String before = Neighbours.text(old, "publicIPAddressVersion");
        String now = Neighbours.text(wanted, "publicIPAddressVersion");
        if (!before.equals(now)) {
            findings.wrong(
                    "PublicIPAddressVersionCannotBeChanged",
                    "properties.publicIPAddressVersion",
                    "found '" + now + "', but it was made as " + before + "; allowed: to delete it and make it anew");
        }
    }

    /** Which of the others has the address. */
    private static Optional<ArmResource> holder(Address address, ArmResource self, Neighbours neighbours) {
        return neighbours.all(Neighbours.ADDRESSES).stream()
                .filter(other -> !other.id().matches(self.id()))
                .filter(other -> Neighbours.text(other, "ipAddress").equals(address.toString()))
                .findFirst();
    }

    private static String held(List<Address> lent, ArmResource self, Neighbours neighbours) {
        List<String> out = new ArrayList<>();
        for (Address address : lent) {
            out.add(address
                    + holder(address, self, neighbours)
                            .map(h -> " (held by " + h.id() + ")")
                            .orElse(" (free)"));
        }
        return String.join(", ", out);
    }

    /** What the machines lend, in order and without repetition. */
    private static List<Address> lent(Neighbours neighbours) {
        List<Address> out = new ArrayList<>();
        for (JsonNode node : neighbours.world().nodes()) {
            for (JsonNode each : node.path("publicAddresses")) {
                Neighbours.address(each.path("address").asString(""))
                        .filter(a -> !out.contains(a))
                        .ifPresent(out::add);
            }
        }
        return out;
    }

    /** The id of the ipConfiguration that uses the address. */
    private static Optional<String> user(ArmResource address, Neighbours neighbours) {
        String id = address.id().toString();
        for (String type : List.of(Neighbours.GATEWAYS, Neighbours.INTERFACES)) {
            for (ArmResource each : neighbours.all(type)) {
                for (JsonNode configuration : each.properties().path("ipConfigurations")) {
                    if (configuration
                            .at("/properties/publicIPAddress/id")
                            .asString("")
                            .equalsIgnoreCase(id)) {
                        return Optional.of(configuration.path("id").asString(""));
                    }
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {
        user(stored, neighbours)
                .ifPresent(id -> shown.withObject("/properties")
                        .putObject("ipConfiguration")
                        .put("id", id));
    }
}
