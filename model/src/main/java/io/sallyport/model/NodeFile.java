package io.sallyport.model;

import io.sallyport.model.document.Form;
import io.sallyport.model.document.Node;
import io.sallyport.model.document.Place;
import io.sallyport.model.document.Placed;
import io.sallyport.model.document.Problems;
import io.sallyport.wire.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What this machine lends to the gateways.
 *
 * @param node the machine's name
 * @param publicAddresses what publicIPAddresses resources may be given
 * @param networks where VNets surface; absent: each as {@code sp-NAME} in the process's own namespace
 */
public record NodeFile(String node, List<Lent> publicAddresses, Optional<List<Surface>> networks) {
    /** RFC 7296 section 2. */
    private static final int IKE_PORT = 500;
    /** RFC 3948. */
    private static final int NAT_PORT = 4500;
    /** What leaves room for ESP in UDP on an ordinary Ethernet; Azure advises the same. */
    public static final int MTU_DEFAULT = 1400;

    /** The IPv6 minimum, so that both families fit. */
    private static final int MTU_MIN = 1280;

    private static final int MTU_MAX = 9_000;
    /** IFNAMSIZ without its end. */
    private static final int DEVICE_MAX = 15;

    public NodeFile {
        publicAddresses = List.copyOf(publicAddresses);
        networks = networks.map(List::copyOf);
    }

    /**
     * An address.
     *
     * @param ikePort normally 500
     * @param natPort normally 4500
     */
    public record Lent(
            Placed<Address> address, Optional<String> device, Optional<String> netns, int ikePort, int natPort) {}

    /** Where a VNet meets this machine: a TUN device. */
    public record Surface(Placed<String> vnet, String device, Optional<String> netns, int mtu) {}

    /** Without a file: every address of the machine, every VNet. */
    public static NodeFile ofMachine(String node, List<Address> addresses) {
        return new NodeFile(
                node,
                addresses.stream()
                        .map(a -> new Lent(
                                new Placed<>(a, Place.wholeFile("this machine"), "addresses"),
                                Optional.empty(),
                                Optional.empty(),
                                IKE_PORT,
                                NAT_PORT))
                        .toList(),
                Optional.empty());
    }

    /** The device's name for a VNet that no file mentions: at most 15 octets, unique by its digits when cut. */
    public static String deviceFor(String vnet) {
        String name = "sp-" + vnet;
        if (name.length() <= DEVICE_MAX) {
            return name;
        }
        String digits = Integer.toHexString(vnet.hashCode() & 0xffff | 0x10000).substring(1);
        return name.substring(0, DEVICE_MAX - digits.length()) + digits;
    }

    /** Reads the file's only document. */
    public static Optional<NodeFile> read(List<? extends Node> documents, String file, Problems problems) {
        if (documents.size() != 1 || !(documents.getFirst() instanceof Node.Fields fields)) {
            problems.error(
                    Place.wholeFile(file),
                    "node file",
                    "",
                    "found no single group of properties; allowed: node, publicAddresses, networks, privateLines");
            return Optional.empty();
        }
        Form form = new Form(fields, "node file", "", problems);
        Optional<String> node = form.requiredText("node");
        List<Lent> lent = new ArrayList<>();
        for (Form each : form.forms("publicAddresses")) {
            Optional<Placed<Address>> address = each.requiredParsed("address", ResourceReader::outsideAddress);
            Optional<String> device = device(each, "device");
            Optional<String> netns = netns(each);
            int ike = each.number("ikePort", 1, 65_535).map(Math::toIntExact).orElse(IKE_PORT);
            int nat = each.number("natPort", 1, 65_535).map(Math::toIntExact).orElse(NAT_PORT);
            if (ike == nat) {
                each.wrong("natPort", "found '" + nat + "'; allowed: another port than ikePort");
            }
            each.finishStrictly();
            address.ifPresent(a -> {
                if (lent.stream().anyMatch(l -> l.address().value().equals(a.value()))) {
                    each.wrong("address", "found '" + a.value() + "' a second time");
                }
                lent.add(new Lent(a, device, netns, ike, nat));
            });
        }
        boolean withNetworks = form.has("networks");
        List<Surface> surfaces = new ArrayList<>();
        for (Form each : form.forms("networks")) {
            Optional<Placed<String>> vnet = each.requiredPlacedText("vnet");
            Optional<String> device = device(each, "device");
            Optional<String> netns = netns(each);
            int mtu = each.number("mtu", MTU_MIN, MTU_MAX).map(Math::toIntExact).orElse(MTU_DEFAULT);
            each.finishStrictly();
            vnet.ifPresent(v -> {
                if (surfaces.stream().anyMatch(s -> s.vnet().value().equals(v.value()))) {
                    each.wrong("vnet", "found '" + v.value() + "' a second time");
                }
                String name = device.orElse(deviceFor(v.value()));
                if (surfaces.stream()
                        .anyMatch(s -> s.device().equals(name) && s.netns().equals(netns))) {
                    each.wrong("device", "found '" + name + "' a second time in one network namespace");
                }
                surfaces.add(new Surface(v, name, netns, mtu));
            });
        }
        form.refuse("privateLines", "ExpressRoute circuits are not there yet");
        form.finishStrictly();
        return problems.hasErrors() || node.isEmpty()
                ? Optional.empty()
                : Optional.of(new NodeFile(node.get(), lent, withNetworks ? Optional.of(surfaces) : Optional.empty()));
    }

    private static Optional<String> device(Form form, String name) {
        return form.parsed(
                        name, named("[A-Za-z0-9._-]{1," + DEVICE_MAX + "}", "a device name of at most 15 characters"))
                .map(Placed::value);
    }

    private static Optional<String> netns(Form form) {
        return form.parsed("netns", named("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}", "the name of a network namespace"))
                .map(Placed::value);
    }

    private static Function<String, String> named(String pattern, String allowed) {
        return text -> {
            if (!text.matches(pattern)) {
                throw new IllegalArgumentException("'" + text + "'; allowed: " + allowed);
            }
            return text;
        };
    }
}
