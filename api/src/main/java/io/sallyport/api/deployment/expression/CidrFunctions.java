package io.sallyport.api.deployment.expression;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Functions of address prefixes. */
final class CidrFunctions {
    private CidrFunctions() {}

    static List<Function> all() {
        return List.of(
                new Function("parseCidr", 1, 1, CidrFunctions::parse),
                new Function("cidrSubnet", 3, 3, CidrFunctions::subnet),
                new Function("cidrHost", 2, 2, CidrFunctions::host));
    }

    private static Prefix prefix(Arguments a) {
        String text = a.text(0);
        int slash = text.indexOf('/');
        try {
            // Azure takes an address of the prefix too.
            return Prefix.containing(
                    Address.parse(text.substring(0, Math.max(0, slash))), Integer.parseInt(text.substring(slash + 1)));
        } catch (IllegalArgumentException e) {
            throw a.wrong(0, "an address prefix such as 10.1.0.0/16");
        }
    }

    private static JsonNode parse(Arguments a) {
        Prefix prefix = prefix(a);
        ObjectNode out = Arguments.JSON.createObjectNode();
        out.put("network", prefix.address().toString());
        if (prefix.address().isIpv4()) {
            out.put(
                    "netmask",
                    Address.ipv4(prefix.length() == 0 ? 0 : -1 << 32 - prefix.length())
                            .toString());
            out.put("broadcast", prefix.last().toString());
        }
        boolean narrow = prefix.length() >= prefix.address().family().bits() - 1;
        out.put(
                "firstUsable",
                narrow ? prefix.address().toString() : prefix.address().next().toString());
        BigInteger last = value(prefix.last());
        boolean hasBroadcast = prefix.address().isIpv4() && !narrow;
        out.put(
                "lastUsable",
                address(hasBroadcast ? last.subtract(BigInteger.ONE) : last, prefix)
                        .toString());
        out.put("cidr", prefix.length());
        return out;
    }

    private static JsonNode subnet(Arguments a) {
        Prefix prefix = prefix(a);
        int bits = prefix.address().family().bits();
        int length = a.count(1, bits);
        long index = a.number(2);
        BigInteger count = BigInteger.ONE.shiftLeft(Math.max(0, length - prefix.length()));
        if (length < prefix.length() || index < 0 || BigInteger.valueOf(index).compareTo(count) >= 0) {
            throw new TemplateFault("found subnet " + index + " of length " + length + " in " + prefix
                    + " in cidrSubnet(); allowed: a length in " + prefix.length() + ".." + bits + " and a number below "
                    + count);
        }
        BigInteger at = value(prefix.address()).add(BigInteger.valueOf(index).shiftLeft(bits - length));
        return Arguments.ofText(new Prefix(address(at, prefix), length).toString());
    }

    /** Number 0 is the first usable address, as in Azure. */
    private static JsonNode host(Arguments a) {
        Prefix prefix = prefix(a);
        long index = a.number(1);
        BigInteger at = value(prefix.address()).add(BigInteger.valueOf(index)).add(BigInteger.ONE);
        if (index < 0 || at.compareTo(value(prefix.last())) > 0) {
            throw new TemplateFault("found host " + index + " of " + prefix + " in cidrHost(); allowed: one inside");
        }
        return Arguments.ofText(address(at, prefix).toString());
    }

    private static BigInteger value(Address address) {
        byte[] octets = new byte[address.family().octets()];
        Bytes bytes = address.toBytes();
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) bytes.at(i);
        }
        return new BigInteger(1, octets);
    }

    private static Address address(BigInteger value, Prefix like) {
        return like.address().isIpv4()
                ? Address.ipv4(value.intValue())
                : new Address(Address.Family.IPV6, value.shiftRight(64).longValue(), value.longValue());
    }
}
