package io.sallyport.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.wire.Address;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final NextHop NOWHERE = new NextHop.Nowhere(Drop.NO_ROUTE);

    @Test
    void theLongestPrefixWins() {
        RouteTable table = RouteTable.of(List.of(
                route("0.0.0.0/0", 0), route("10.0.0.0/8", 1), route("10.2.0.0/16", 2), route("10.2.3.4/32", 3)));
        assertThat(look(table, "192.0.2.1")).isEqualTo(new NextHop.Tunnel(0));
        assertThat(look(table, "10.9.9.9")).isEqualTo(new NextHop.Tunnel(1));
        assertThat(look(table, "10.2.9.9")).isEqualTo(new NextHop.Tunnel(2));
        assertThat(look(table, "10.2.3.4")).isEqualTo(new NextHop.Tunnel(3));
        assertThat(look(table, "2001:db8::1")).isEqualTo(NOWHERE);
    }

    @Test
    void theFirstOfTwoEqualPrefixesCounts() {
        RouteTable table = RouteTable.of(List.of(route("10.0.0.0/8", 1), route("10.0.0.0/8", 2)));
        assertThat(look(table, "10.1.1.1")).isEqualTo(new NextHop.Tunnel(1));
    }

    @Test
    void anEmptyTableLeadsNowhere() {
        assertThat(look(RouteTable.of(List.of()), "10.1.1.1")).isEqualTo(NOWHERE);
    }

    @Test
    void agreesWithALookThroughTheList() {
        Random random = new Random(42);
        for (int round = 0; round < 30; round++) {
            boolean four = round % 2 == 0;
            List<RouteTable.Route> routes = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int length = random.nextInt(four ? 33 : 129);
                routes.add(
                        new RouteTable.Route(Prefix.containing(address(random, four), length), new NextHop.Tunnel(i)));
            }
            RouteTable table = RouteTable.of(routes);
            for (int i = 0; i < 2000; i++) {
                Address to = address(random, four);
                NextHop naive = routes.stream()
                        .filter(r -> r.prefix().contains(to))
                        .max(Comparator.<RouteTable.Route>comparingInt(
                                        r -> r.prefix().length())
                                .thenComparing(routes::indexOf, Comparator.reverseOrder()))
                        .map(RouteTable.Route::hop)
                        .orElse(NOWHERE);
                assertThat(look(table, to)).isEqualTo(naive);
            }
        }
    }

    /** Few distinct bits, so that prefixes nest and addresses hit them. */
    private static Address address(Random random, boolean four) {
        long bits = sparse(random);
        return four
                ? new Address(Address.Family.IPV4, 0, bits & 0xffff_ffffL)
                : new Address(Address.Family.IPV6, bits, sparse(random));
    }

    private static long sparse(Random random) {
        long bits = -1;
        for (int i = 0; i < 3; i++) {
            bits &= random.nextLong();
        }
        return bits;
    }

    private static RouteTable.Route route(String prefix, int hop) {
        return new RouteTable.Route(Prefix.parse(prefix), new NextHop.Tunnel(hop));
    }

    private static NextHop look(RouteTable table, String to) {
        return look(table, Address.parse(to));
    }

    private static NextHop look(RouteTable table, Address to) {
        return to.isIpv4() ? table.ipv4((int) to.low()) : table.ipv6(to.high(), to.low());
    }
}
