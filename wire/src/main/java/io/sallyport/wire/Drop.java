package io.sallyport.wire;

/**
 * Why a packet was not delivered. Every packet that enters the packet path and does not leave it counts in exactly one
 * of these; they are the metric.
 */
public enum Drop {
    // Outward: from a VNet's device into a tunnel.
    INNER_MALFORMED("inner-malformed", "The packet inside is not a whole IPv4 or IPv6 packet."),
    NO_ROUTE("no-route", "No prefix of the VNet's routing table covers the destination."),
    LINK_SCOPE(
            "link-scope", "The destination is multicast, broadcast or link-local, which a gateway does not forward."),
    TUNNEL_DOWN("tunnel-down", "The route leads to a connection that has no security association at present."),
    NO_SELECTOR("no-selector", "No security association of the connection may carry this pair of addresses."),
    HAIRPIN("hairpin", "The route leads back to the device or the connection the packet came from."),
    HOP_LIMIT("hop-limit", "The packet's hop limit was used up at the gateway."),
    TOO_BIG("too-big", "The packet must not be fragmented and does not fit into the tunnel."),
    SEQUENCE_EXHAUSTED("sequence-exhausted", "The security association has used its last sequence number."),
    HARD_LIMIT("hard-limit", "The security association has carried all the octets it may."),
    SEND_FAILED("send-failed", "The operating system refused to send the encapsulated packet."),
    // Inward: from a socket to a VNet.
    OUTER_SHORT("outer-short", "A datagram on an ESP port is too short to be ESP, IKE or a keepalive."),
    UNKNOWN_SPI("unknown-spi", "No security association has the packet's SPI."),
    REPLAYED("replayed", "A packet with this sequence number was accepted before."),
    TOO_LATE("too-late", "The sequence number lies before the replay window."),
    AUTHENTICATION("authentication", "The integrity check value is wrong: the packet was changed or forged."),
    PADDING("padding", "The ESP padding is longer than the packet."),
    DUMMY("dummy", "A dummy packet of traffic flow confidentiality, made to be discarded (RFC 4303 section 2.6)."),
    NEXT_HEADER("next-header", "ESP carries something that is neither IPv4 nor IPv6."),
    INNER_SOURCE_MISMATCH("inner-source-mismatch", "The inner source is not one the peer may send from."),
    INNER_DESTINATION_MISMATCH("inner-destination-mismatch", "The inner destination is not one the peer may reach."),
    NO_VNET("no-vnet", "The packet's connection belongs to no VNet here."),
    CONGESTION_LOST("congestion-lost", "Outside marked congestion, inside cannot express it (RFC 6040 section 4.2)."),
    DEVICE_REFUSED("device-refused", "The VNet's device did not take the packet.");

    private static final Drop[] ALL = values();

    private final String label;
    private final String meaning;

    Drop(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** Its name in metrics; stable. */
    public String label() {
        return label;
    }

    /** One sentence for a person. */
    public String meaning() {
        return meaning;
    }

    /** A negative number that stands for this drop where a method otherwise answers a length. */
    @SuppressWarnings("EnumOrdinal") // lives for the length of a call, never stored
    public int code() {
        return -1 - ordinal();
    }

    /** The drop that {@code code} stands for. */
    public static Drop of(int code) {
        return ALL[-1 - code];
    }
}
