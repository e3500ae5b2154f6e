package io.sallyport.forward;

import io.sallyport.wire.AddressRange;
import io.sallyport.wire.Packet;
import java.util.ArrayList;
import java.util.List;

/**
 * The traffic selectors of one end of an SA (RFC 4301 section 4.4.1.1), made ready to be asked for each packet. "Anything
 * of this family" is answered without a look at the list.
 */
public final class SelectorSet {
    private static final int WORDS = 4;
    private static final int ANY_FIRST = 0;
    private static final int ANY_LAST = 0xffff;

    private final boolean anyIpv4;
    private final boolean anyIpv6;
    /** For each selector first high, first low, last high, last low; unsigned. */
    private final long[] ranges;
    /** For each selector family, protocol, first port, last port. */
    private final int[] rules;

    /**
     * @param protocol 0: any
     */
    public record Selector(AddressRange addresses, int protocol, int firstPort, int lastPort) {}

    public SelectorSet(List<Selector> selectors) {
        List<Selector> all = new ArrayList<>(selectors);
        this.anyIpv4 = all.stream()
                .anyMatch(s -> isEverything(s) && s.addresses().first().isIpv4());
        this.anyIpv6 = all.stream()
                .anyMatch(s -> isEverything(s) && !s.addresses().first().isIpv4());
        this.ranges = new long[all.size() * WORDS];
        this.rules = new int[all.size() * WORDS];
        for (int i = 0; i < all.size(); i++) {
            Selector s = all.get(i);
            ranges[i * WORDS] = s.addresses().first().high();
            ranges[i * WORDS + 1] = s.addresses().first().low();
            ranges[i * WORDS + 2] = s.addresses().last().high();
            ranges[i * WORDS + 3] = s.addresses().last().low();
            rules[i * WORDS] = s.addresses().first().isIpv4() ? 4 : 6;
            rules[i * WORDS + 1] = s.protocol();
            rules[i * WORDS + 2] = s.firstPort();
            rules[i * WORDS + 3] = s.lastPort();
        }
    }

    /** Whether the packet's source address, protocol and source port are selected. */
    public boolean matchesSource(Packet packet) {
        return isAny(packet.version()) || matches(packet, packet.sourceHigh(), packet.sourceLow(), packet.sourcePort());
    }

    /** Whether the packet's destination address, protocol and destination port are selected. */
    public boolean matchesDestination(Packet packet) {
        return isAny(packet.version())
                || matches(packet, packet.destinationHigh(), packet.destinationLow(), packet.destinationPort());
    }

    private boolean isAny(int version) {
        return version == 4 ? anyIpv4 : anyIpv6;
    }

    private boolean matches(Packet packet, long high, long low, int port) {
        for (int i = 0; i < rules.length; i += WORDS) {
            if (rules[i] == packet.version()
                    && notBefore(high, low, ranges[i], ranges[i + 1])
                    && notBefore(ranges[i + 2], ranges[i + 3], high, low)
                    && (rules[i + 1] == 0 || rules[i + 1] == packet.protocol())
                    && portFits(packet, port, rules[i + 2], rules[i + 3])) {
                return true;
            }
        }
        return false;
    }

    /**
     * RFC 4301 section 4.4.1.1: a later fragment has no ports; only a selector that asks for none can match it (the
     * simplest of the ways of section 7).
     */
    private static boolean portFits(Packet packet, int port, int first, int last) {
        if (first == ANY_FIRST && last == ANY_LAST) {
            return true;
        }
        return !packet.isLaterFragment() && port >= first && port <= last;
    }

    private static boolean notBefore(long high, long low, long otherHigh, long otherLow) {
        int byHigh = Long.compareUnsigned(high, otherHigh);
        return byHigh > 0 || byHigh == 0 && Long.compareUnsigned(low, otherLow) >= 0;
    }

    private static boolean isEverything(Selector s) {
        boolean four = s.addresses().first().isIpv4();
        long most = four ? 0xffff_ffffL : -1L;
        return s.protocol() == 0
                && s.firstPort() == ANY_FIRST
                && s.lastPort() == ANY_LAST
                && s.addresses().first().isUnspecified()
                && s.addresses().last().low() == most
                && (four || s.addresses().last().high() == -1L);
    }
}
