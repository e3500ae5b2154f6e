package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network/publicIPPrefixes: stored; the machines lend single addresses, so that none is allocated. */
final class PublicPrefixes implements Behaviour {
    private static final int IPV4_LENGTH_MIN = 21;
    private static final int IPV6_LENGTH_MIN = 120;

    @Override
    public String type() {
        return Neighbours.PREFIXES;
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, Neighbours neighbours, Findings findings) {
        boolean isIpv6 = Neighbours.text(wanted, "publicIPAddressVersion").equals("IPv6");
        int min = isIpv6 ? IPV6_LENGTH_MIN : IPV4_LENGTH_MIN;
        int max = isIpv6 ? 128 : 32;
        int length = wanted.properties().path("prefixLength").asInt(-1);
        if (length < min || length > max) {
            findings.wrong(
                    "InvalidPublicIPPrefixLength",
                    "properties.prefixLength",
                    "found '" + (length < 0 ? "nothing" : length) + "'; allowed: a whole number in " + min + ".."
                            + max);
        }
        before.ifPresent(old -> {
            int was = old.properties().path("prefixLength").asInt(-1);
            if (was != length) {
                findings.wrong(
                        "PublicIPPrefixLengthCannotBeChanged",
                        "properties.prefixLength",
                        "found '" + length + "', but it was made with " + was + "; allowed: to delete it and make it"
                                + " anew");
            }
        });
    }

    @Override
    public void show(ObjectNode shown, ArmResource stored, Neighbours neighbours) {
        ArrayNode addresses = shown.withObject("/properties").putArray("publicIPAddresses");
        for (ArmResource address : neighbours.all(Neighbours.ADDRESSES)) {
            if (Neighbours.refers(address, "publicIPPrefix", stored.id())) {
                addresses.addObject().put("id", address.id().toString());
            }
        }
    }
}
