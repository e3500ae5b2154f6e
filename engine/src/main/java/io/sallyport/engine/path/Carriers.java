package io.sallyport.engine.path;

import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import io.sallyport.wire.Packet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The children that may carry a peer's packets, newest first. It never changes; whoever changes the choice makes another.
 * A peer that is thousands of clients has a child for each, found by the packet's destination: open addressing over the
 * single addresses of children that lead to nothing else. All others are looked at one by one.
 */
final class Carriers {
    static final Carriers NONE = new Carriers(new Child[0]);
    /** As many are compared faster than hashed. */
    private static final int FEW = 8;

    private final Child[] all;
    private final Child[] networks;
    /** A destination and the child behind it; those of one destination one after the other, newest first. */
    private final @Nullable Host[] hosts;

    private record Host(long high, long low, Child child) {}

    private Carriers(Child[] all) {
        this.all = all;
        List<Child> one = new ArrayList<>();
        List<Host> many = new ArrayList<>();
        for (Child child : all) {
            if (all.length > FEW && child.sa().remote().stream().allMatch(Carriers::isHost)) {
                child.sa().remote().forEach(s -> many.add(host(s, child)));
            } else {
                one.add(child);
            }
        }
        this.networks = one.toArray(Child[]::new);
        this.hosts = new Host[many.isEmpty() ? 0 : Integer.highestOneBit(many.size()) * 4];
        many.forEach(this::insert);
    }

    private static boolean isHost(TrafficSelector selector) {
        return selector.addresses().first().equals(selector.addresses().last());
    }

    private static Host host(TrafficSelector selector, Child child) {
        Address address = selector.addresses().first();
        return new Host(address.high(), address.low(), child);
    }

    private void insert(Host host) {
        int mask = hosts.length - 1;
        int i = mix(host.high, host.low) & mask;
        while (hosts[i] != null) {
            i = (i + 1) & mask;
        }
        hosts[i] = host;
    }

    /** The newest child whose selectors have the packet, or nothing. */
    @Nullable
    Child find(Packet packet) {
        if (hosts.length > 0) {
            int mask = hosts.length - 1;
            long high = packet.destinationHigh();
            long low = packet.destinationLow();
            Host host;
            for (int i = mix(high, low) & mask; (host = hosts[i]) != null; i = (i + 1) & mask) {
                if (host.high == high && host.low == low && carries(host.child, packet)) {
                    return host.child;
                }
            }
        }
        for (Child child : networks) {
            if (carries(child, packet)) {
                return child;
            }
        }
        return null;
    }

    private static boolean carries(Child child, Packet packet) {
        return child.local().matchesSource(packet) && child.remote().matchesDestination(packet);
    }

    boolean isEmpty() {
        return all.length == 0;
    }

    /** The same with {@code child} before all others. */
    Carriers prefer(Child child) {
        Child[] next = new Child[all.length + 1];
        next[0] = child;
        return new Carriers(java.util.Arrays.copyOf(next, 1 + keep(child, next, 1)));
    }

    /** The same without {@code child}. */
    Carriers without(Child child) {
        Child[] next = new Child[all.length];
        return new Carriers(java.util.Arrays.copyOf(next, keep(child, next, 0)));
    }

    /** Copies all but {@code child}; returns how many. */
    private int keep(Child child, Child[] to, int at) {
        int kept = 0;
        for (Child each : all) {
            if (each != child) {
                to[at + kept++] = each;
            }
        }
        return kept;
    }

    private static int mix(long high, long low) {
        long h = (high ^ low) * 0x9e37_79b9_7f4a_7c15L;
        return (int) (h >>> 32);
    }
}
