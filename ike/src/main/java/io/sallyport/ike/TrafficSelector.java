package io.sallyport.ike;

import io.sallyport.wire.Address;
import io.sallyport.wire.AddressRange;
import io.sallyport.wire.Prefix;
import java.util.Optional;

/**
 * Which packets an SA may carry at one end (RFC 7296 section 3.13.1).
 *
 * @param addresses of one family
 * @param protocol IP protocol number; 0 means any
 * @param firstPort 0..65535; for ICMP, type and code as section 3.13.1 says
 * @param lastPort {@code firstPort}..65535
 */
public record TrafficSelector(AddressRange addresses, int protocol, int firstPort, int lastPort) {
    public TrafficSelector {
        if (protocol < 0 || protocol > 255 || firstPort < 0 || lastPort > 0xffff) {
            throw new IllegalArgumentException("a traffic selector's protocol or port is out of range");
        }
    }

    /** Everything to or from {@code prefix}. */
    public static TrafficSelector of(Prefix prefix) {
        return new TrafficSelector(prefix.range(), 0, 0, 0xffff);
    }

    public boolean contains(TrafficSelector other) {
        return addresses.contains(other.addresses)
                && (protocol == 0 || protocol == other.protocol)
                && firstPort <= other.firstPort
                && other.lastPort <= lastPort;
    }

    /** What both allow, or nothing. */
    public Optional<TrafficSelector> intersect(TrafficSelector other) {
        if (addresses.first().family() != other.addresses.first().family()
                || protocol != 0 && other.protocol != 0 && protocol != other.protocol) {
            return Optional.empty();
        }
        Address first = max(addresses.first(), other.addresses.first());
        Address last = min(addresses.last(), other.addresses.last());
        int low = Math.max(firstPort, other.firstPort);
        int high = Math.min(lastPort, other.lastPort);
        if (first.compareTo(last) > 0 || low > high) {
            return Optional.empty();
        }
        return Optional.of(new TrafficSelector(
                new AddressRange(first, last), protocol == 0 ? other.protocol : protocol, low, high));
    }

    @Override
    public String toString() {
        String ports = firstPort == 0 && lastPort == 0xffff ? "" : ":" + firstPort + "-" + lastPort;
        return addresses + (protocol == 0 ? "" : "[" + protocol + ports + "]");
    }

    private static Address max(Address a, Address b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Address min(Address a, Address b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
