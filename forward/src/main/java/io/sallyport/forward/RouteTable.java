package io.sallyport.forward;

import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One VNet's routes, longest prefix first. Immutable: the control thread makes a new one and publishes it whole.
 *
 * <p>A trie of eight bits a step, prefixes expanded to the step's end: at most four reads for IPv4, sixteen for IPv6, each
 * one array access. An entry is a child node (positive), a next hop (negative, counted from -1) or nothing (zero).
 */
public final class RouteTable {
    private static final int STEP = 256;
    private static final NextHop NO_ROUTE = new NextHop.Nowhere(io.sallyport.wire.Drop.NO_ROUTE);

    private final int[] ipv4;
    private final int[] ipv6;
    private final NextHop[] hops;

    /** A prefix and where it leads. */
    public record Route(Prefix prefix, NextHop hop) {}

    private RouteTable(int[] ipv4, int[] ipv6, NextHop[] hops) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        this.hops = hops;
    }

    /** Of several routes for one prefix the first counts. */
    public static RouteTable of(List<Route> routes) {
        List<Route> shortestFirst = new ArrayList<>(routes.reversed());
        shortestFirst.sort(Comparator.comparingInt(r -> r.prefix().length()));
        Builder ipv4 = new Builder();
        Builder ipv6 = new Builder();
        NextHop[] hops = new NextHop[shortestFirst.size()];
        for (int i = 0; i < hops.length; i++) {
            Route route = shortestFirst.get(i);
            hops[i] = route.hop();
            (route.prefix().address().isIpv4() ? ipv4 : ipv6).add(route.prefix(), -1 - i);
        }
        return new RouteTable(ipv4.nodes(), ipv6.nodes(), hops);
    }

    public NextHop ipv4(int destination) {
        int node = 0;
        int entry = 0;
        for (int shift = 24; shift >= 0; shift -= 8) {
            entry = ipv4[node + (destination >>> shift & 0xff)];
            if (entry <= 0) {
                break;
            }
            node = entry;
        }
        return entry < 0 ? hops[-1 - entry] : NO_ROUTE;
    }

    public NextHop ipv6(long high, long low) {
        int node = 0;
        int entry = 0;
        for (int i = 0; i < 16; i++) {
            long half = i < 8 ? high : low;
            entry = ipv6[node + (int) (half >>> (56 - 8 * (i & 7)) & 0xff)];
            if (entry <= 0) {
                break;
            }
            node = entry;
        }
        return entry < 0 ? hops[-1 - entry] : NO_ROUTE;
    }

    /** Nodes in one growing array; prefixes must come shortest first, so that a longer one overwrites. */
    private static final class Builder {
        private int[] entries = new int[STEP];
        private int used = STEP;

        void add(Prefix prefix, int value) {
            int node = 0;
            int left = prefix.length();
            int depth = 0;
            while (left > 8) {
                node = child(node + octet(prefix, depth));
                left -= 8;
                depth++;
            }
            int first = octet(prefix, depth);
            for (int i = 0; i < 1 << (8 - left); i++) {
                entries[node + first + i] = value;
            }
        }

        /** The node behind entry {@code at}; a new one inherits what the entry said. */
        private int child(int at) {
            int entry = entries[at];
            if (entry > 0) {
                return entry;
            }
            if (used + STEP > entries.length) {
                entries = Arrays.copyOf(entries, entries.length * 2);
            }
            int made = used;
            used += STEP;
            Arrays.fill(entries, made, made + STEP, entry);
            entries[at] = made;
            return made;
        }

        private static int octet(Prefix prefix, int depth) {
            long half = prefix.address().isIpv4()
                    ? prefix.address().low() << 32
                    : depth < 8 ? prefix.address().high() : prefix.address().low();
            return (int) (half >>> (56 - 8 * (depth & 7)) & 0xff);
        }

        int[] nodes() {
            return Arrays.copyOf(entries, used);
        }
    }
}
