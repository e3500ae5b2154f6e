package io.sallyport.model;

import io.sallyport.model.document.ArmName;
import io.sallyport.model.document.Form;
import io.sallyport.model.document.Node;
import io.sallyport.model.document.Placed;
import io.sallyport.model.document.Problems;
import io.sallyport.model.document.Spelling;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.List;
import java.util.Optional;

/** Reads one document into one resource: everything that can be checked without looking at another resource. */
public final class ResourceReader {
    private static final String PROVIDER = "Microsoft.Network/";
    private static final List<String> TYPES = List.of(
            PROVIDER + VirtualNetwork.TYPE,
            PROVIDER + PublicIpAddress.TYPE,
            PROVIDER + VirtualNetworkGateway.TYPE,
            PROVIDER + LocalNetworkGateway.TYPE,
            PROVIDER + Connection.TYPE);
    static final String NOT_YET = "Sallyport cannot do more yet";

    private enum Version implements ArmName {
        IPV4("IPv4"),
        IPV6("IPv6");

        private final String armName;

        Version(String armName) {
            this.armName = armName;
        }

        @Override
        public String armName() {
            return armName;
        }
    }

    private final Problems problems;

    public ResourceReader(Problems problems) {
        this.problems = problems;
    }

    /** The resource, or nothing when problems were reported. */
    public Optional<Resource> read(Node document) {
        if (!(document instanceof Node.Fields fields)) {
            problems.error(
                    document.place(),
                    "",
                    "",
                    "found " + document.kind() + "; allowed: a resource with type, name and properties");
            return Optional.empty();
        }
        Form head = new Form(fields, "", "", problems);
        Optional<Placed<String>> type = head.requiredPlacedText("type");
        Optional<Placed<String>> name = head.requiredPlacedText("name");
        if (type.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        if (!TYPES.contains(type.get().value())) {
            String hint = Spelling.nearest(type.get().value(), TYPES)
                    .map(near -> "did you mean '" + near + "'?")
                    .orElse("allowed: " + String.join(", ", TYPES));
            head.wrong(type.get(), hint);
            return Optional.empty();
        }
        if (!name.get().value().matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?")) {
            head.wrong(
                    name.get(), "allowed: 1 to 80 letters, digits, '.', '_' and '-', beginning with a letter or digit");
            return Optional.empty();
        }
        String shortType = type.get().value().substring(PROVIDER.length());
        String group = head.text("resourceGroup").orElse(ResourceId.LOCAL_GROUP);
        ResourceId id = new ResourceId(
                ResourceId.LOCAL_SUBSCRIPTION, group, shortType, name.get().value(), Optional.empty());
        return read(id, fields, new Form(fields, id.type() + "/" + id.name(), "", problems));
    }

    /** The short types of what {@link #readStored} reads, in lower case. */
    public static boolean canRead(String type) {
        return TYPES.stream().anyMatch(t -> t.equalsIgnoreCase(PROVIDER + type));
    }

    /**
     * Reads what is stored under {@code id}: whoever stored it has checked its shape, so that properties which nobody
     * here knows are no matter.
     *
     * @param id of a type that {@link #canRead}
     */
    public Optional<Resource> readStored(ResourceId id, Node.Fields fields) {
        String type = TYPES.stream()
                .filter(t -> t.equalsIgnoreCase(PROVIDER + id.type()))
                .map(t -> t.substring(PROVIDER.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(id.type()));
        ResourceId spelled = new ResourceId(id.subscription(), id.group(), type, id.name(), Optional.empty());
        return read(spelled, fields, new Form(fields, spelled.toString(), "", problems).lenient());
    }

    private Optional<Resource> read(ResourceId id, Node.Fields fields, Form head) {
        Form top = head.keeps(
                "id", "type", "name", "resourceGroup", "location", "etag", "apiVersion", "dependsOn", "comments");
        int before = problems.errors().size();
        top.form("tags");
        Envelope envelope = new Envelope(id, fields.without(List.of("properties", "sharedKey")), fields.place());
        Optional<Form> properties = top.requiredForm("properties");
        if (properties.isEmpty()) {
            top.finish();
            return Optional.empty();
        }
        Form p = properties.get().keeps("resourceGuid", "provisioningState");
        Optional<? extends Resource> resource = switch (id.type()) {
            case VirtualNetwork.TYPE -> virtualNetwork(envelope, p, top);
            case PublicIpAddress.TYPE -> publicAddress(envelope, p, top);
            case VirtualNetworkGateway.TYPE -> new GatewayReader().read(envelope, p, top);
            case LocalNetworkGateway.TYPE -> site(envelope, p);
            case Connection.TYPE -> new ConnectionReader(problems).read(envelope, p);
            default -> throw new IllegalStateException(id.type());
        };
        p.finish();
        top.finish();
        return problems.errors().size() > before ? Optional.empty() : resource.map(r -> (Resource) r);
    }

    private Optional<VirtualNetwork> virtualNetwork(Envelope envelope, Form p, Form top) {
        top.keeps("extendedLocation");
        p.keeps(
                "flowTimeoutInMinutes",
                "ddosProtectionPlan",
                "bgpCommunities",
                "ipAllocations",
                "flowLogs",
                "privateEndpointVNetPolicies",
                "defaultPublicNatGateway",
                "summarizedGatewayPrefixes");
        p.notYet("virtualNetworkPeerings", "Sallyport does not peer VNets yet");
        p.notYetTrue("enableDdosProtection", "Sallyport does not do that yet");
        p.notYetTrue("enableVmProtection", "Sallyport does not do that yet");
        p.form("encryption").ifPresent(e -> e.notYetTrue("enabled", "Sallyport does not encrypt inside a VNet"));
        Optional<List<Placed<Prefix>>> space = addressSpace(p);
        List<VirtualNetwork.Subnet> subnets =
                p.forms("subnets").stream().flatMap(f -> subnet(f).stream()).toList();
        List<Address> dns =
                p.form("dhcpOptions").map(f -> f.parsedList("dnsServers", Address::parse)).orElse(List.of()).stream()
                        .map(Placed::value)
                        .toList();
        return space.map(prefixes -> new VirtualNetwork(envelope, prefixes, subnets, dns));
    }

    private Optional<VirtualNetwork.Subnet> subnet(Form subnet) {
        subnet.keeps("id", "etag", "type");
        Optional<Placed<String>> name = subnet.requiredPlacedText("name");
        Optional<Form> properties = subnet.requiredForm("properties");
        subnet.finish();
        if (properties.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        Form p = properties
                .get()
                .keeps(
                        "serviceEndpoints",
                        "serviceEndpointPolicies",
                        "privateEndpoints",
                        "ipConfigurations",
                        "ipConfigurationProfiles",
                        "ipAllocations",
                        "resourceNavigationLinks",
                        "serviceAssociationLinks",
                        "delegations",
                        "purpose",
                        "provisioningState",
                        "privateEndpointNetworkPolicies",
                        "privateLinkServiceNetworkPolicies",
                        "applicationGatewayIPConfigurations",
                        "sharingScope",
                        "defaultOutboundAccess");
        p.notYet("networkSecurityGroup", "Sallyport does not filter by security groups yet");
        p.notYet("routeTable", "Sallyport does not apply route tables yet");
        p.notYet("natGateway", "Sallyport has no NAT gateway");
        p.notYet("ipamPoolPrefixAllocations", "Sallyport has no address pools");
        p.notYet("serviceGateway", "Sallyport has no service gateway");
        List<Placed<Prefix>> prefixes = p.has("addressPrefixes")
                ? p.parsedList("addressPrefixes", ResourceReader::prefix)
                : p.requiredParsed("addressPrefix", ResourceReader::prefix).stream()
                        .toList();
        p.keeps("addressPrefix", "addressPrefixes").finish();
        return Optional.of(new VirtualNetwork.Subnet(name.get(), prefixes));
    }

    private Optional<PublicIpAddress> publicAddress(Envelope envelope, Form p, Form top) {
        top.keeps("extendedLocation", "sku", "zones");
        p.keeps(
                "ipConfiguration",
                "dnsSettings",
                "ddosSettings",
                "ipTags",
                "idleTimeoutInMinutes",
                "servicePublicIPAddress",
                "migrationPhase",
                "linkedPublicIPAddress",
                "deleteOption",
                "upgradedToV2");
        p.keeps("publicIPAllocationMethod", "publicIPPrefix");
        p.notYet("natGateway", "Sallyport has no NAT gateway");
        Optional<Version> version = p.choice("publicIPAddressVersion", Version.class);
        Optional<Placed<Address>> address = p.requiredParsed("ipAddress", ResourceReader::outsideAddress);
        address.ifPresent(a -> version.ifPresent(v -> {
            if (a.value().isIpv4() != (v == Version.IPV4)) {
                p.wrong("ipAddress", "found '" + a.value() + "'; allowed: an " + v.armName + " address");
            }
        }));
        return address.map(a -> new PublicIpAddress(envelope, a));
    }

    private Optional<LocalNetworkGateway> site(Envelope envelope, Form p) {
        p.keeps("bgpSettings");
        p.refuse("fqdn", "Sallyport does not look names up yet; use gatewayIpAddress");
        Optional<Placed<Address>> address = Optional.empty();
        if (p.has("gatewayIpAddress") && p.has("fqdn")) {
            p.wrong("gatewayIpAddress", "found together with fqdn; allowed: exactly one of the two");
        } else if (!p.has("gatewayIpAddress")) {
            p.missing("gatewayIpAddress", "missing; the address of the device in front of the site is required");
        } else {
            address = p.parsed("gatewayIpAddress", ResourceReader::outsideAddress);
        }
        List<Placed<Prefix>> space = p.form("localNetworkAddressSpace")
                .map(form -> {
                    form.notYet("ipamPoolPrefixAllocations", "Sallyport has no address pools");
                    List<Placed<Prefix>> prefixes = form.parsedList("addressPrefixes", ResourceReader::prefix);
                    form.finish();
                    return prefixes;
                })
                .orElse(List.of());
        return address.map(a -> new LocalNetworkGateway(envelope, a, space));
    }

    private static Optional<List<Placed<Prefix>>> addressSpace(Form p) {
        return p.requiredForm("addressSpace").map(form -> {
            form.notYet("ipamPoolPrefixAllocations", "Sallyport has no address pools");
            List<Placed<Prefix>> prefixes = form.parsedList("addressPrefixes", ResourceReader::prefix);
            if (!form.has("addressPrefixes")) {
                form.missing("addressPrefixes", "missing; a list of prefixes such as [10.1.0.0/16] is required");
            } else if (form.isEmptyList("addressPrefixes")) {
                form.wrong(
                        "addressPrefixes", "holds no valid prefix; allowed: a list of prefixes such as [10.1.0.0/16]");
            }
            form.finish();
            return prefixes;
        });
    }

    static Prefix prefix(String text) {
        return Prefix.parse(text);
    }

    /** An address that a device can have: neither "any" nor multicast nor loopback. */
    static Address outsideAddress(String text) {
        Address address = Address.parse(text);
        long top = address.isIpv4() ? address.low() >>> 24 : address.high() >>> 56;
        boolean multicast = address.isIpv4() ? top >= 224 : top == 0xff;
        boolean loopback = address.isIpv4() ? top == 127 : address.high() == 0 && address.low() == 1;
        if (address.isUnspecified() || multicast || loopback) {
            throw new IllegalArgumentException("'" + text + "'; allowed: the unicast address of a device");
        }
        return address;
    }
}
