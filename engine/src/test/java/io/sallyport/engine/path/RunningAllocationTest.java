package io.sallyport.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sallyport.engine.path.Gateways.Joint;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The packet threads of a path that carries real traffic make less than one octet of garbage for each packet. */
class RunningAllocationTest {
    private static final long PACKETS = 100_000;
    private static final int ROUNDS = 12;

    @Test
    void whatRunsMakesNoGarbage() throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, 1400)) {
            gateways.join();
            assertThat(gateways.ping("10.2.0.1")).isTrue();
            Map<String, Double> least = new LinkedHashMap<>();
            for (int round = 0; round < ROUNDS && (round == 0 || most(least) >= 1); round++) {
                measure(lab, gateways, least);
            }
            assertThat(least)
                    .hasSizeGreaterThanOrEqualTo(4)
                    .allSatisfy((thread, octets) -> assertThat(octets)
                            .as(thread + ", octets for each packet")
                            .isLessThan(1));
        }
    }

    private static double most(Map<String, Double> octets) {
        return octets.values().stream().mapToDouble(d -> d).max().orElse(0);
    }

    /** One round: many packets, and what each packet thread allocated for one of them. The least of all rounds counts. */
    private static void measure(Lab lab, Gateways gateways, Map<String, Double> least) throws Exception {
        Map<String, Long> before = allocated();
        long packets = carried(gateways);
        long bulk = carried(gateways);
        do {
            PathInNamespacesTest.transfers(lab, "10.2.0.1", 64 << 20);
        } while (carried(gateways) - bulk < PACKETS);
        small(lab);
        long moved = carried(gateways) - packets;
        assertThat(moved).isGreaterThan(PACKETS);
        allocated().forEach((thread, octets) -> {
            double each = (octets - before.getOrDefault(thread, 0L)) / (double) moved;
            least.merge(thread, each, Math::min);
        });
    }

    /** Small packets that nothing joins: each is read and written for itself. */
    private static void small(Lab lab) throws Exception {
        lab.in(lab.left(), "python3", "-c", """
                import socket
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                for i in range(20000): s.sendto(bytes(10 + i % 90), ('10.2.0.1', 9000 + i % 50))
                """);
    }

    private static long carried(Gateways gateways) {
        return gateways.right.counters().getFirst().packetsIn();
    }

    private static Map<String, Long> allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Map<String, Long> out = new LinkedHashMap<>();
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (each.getName().startsWith("tun-") || each.getName().startsWith("udp-")) {
                out.put(each.getName() + " " + each.threadId(), threads.getThreadAllocatedBytes(each.threadId()));
            }
        }
        return out;
    }
}
