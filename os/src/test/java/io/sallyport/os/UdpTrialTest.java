package io.sallyport.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.os.UdpTrial.Outcome;
import io.sallyport.wire.Address;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The trial of UDP offloads in a network namespace of its own. Needs root. */
class UdpTrialTest {
    private final String name = "sptrial" + ProcessHandle.current().pid();
    private final Optional<String> netns = Optional.of(name);

    @BeforeEach
    void makeNamespace() throws Exception {
        run("ip", "netns", "add", name);
        run("ip", "-n", name, "link", "set", "lo", "up");
    }

    @AfterEach
    void removeNamespace() throws Exception {
        run("ip", "netns", "del", name);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aKernelThatIsRightPasses(Address.Family family) {
        UdpTrial.Findings found = UdpTrial.run(family, netns, true);
        assertThat(found.segment()).isEqualTo(UdpTrial.Finding.WORKS);
        assertThat(found.gro()).isEqualTo(UdpTrial.Finding.WORKS);
    }

    @Test
    void withoutLoopbackNothingIsLearnt() throws Exception {
        run("ip", "-n", name, "link", "set", "lo", "down");
        UdpTrial.Findings found = UdpTrial.run(Address.Family.IPV4, netns, true);
        assertThat(found.segment().outcome()).isEqualTo(Outcome.NOT_TESTED);
        assertThat(found.gro().outcome()).isEqualTo(Outcome.NOT_TESTED);
    }

    @Test
    void aFilterOnLoopbackIsNotTheOffloadsFault() throws Exception {
        filter("meta l4proto udp drop");
        UdpTrial.Findings found = UdpTrial.run(Address.Family.IPV4, netns, true);
        assertThat(found.segment().outcome()).isEqualTo(Outcome.NOT_TESTED);
    }

    /** Real packets, really lost: what is larger than a datagram of ours can only be a run that stayed whole. */
    @Test
    void runsThatAreLostAreFound() throws Exception {
        filter("meta l4proto udp meta length > 3000 drop");
        UdpTrial.Findings found = UdpTrial.run(Address.Family.IPV4, netns, true);
        assertThat(found.segment()).isEqualTo(new UdpTrial.Finding(Outcome.WRONG, "0 of 20 datagrams arrived"));
        assertThat(found.gro().outcome()).as("tried one by one").isEqualTo(Outcome.WORKS);
    }

    private void filter(String rule) throws Exception {
        run("ip", "netns", "exec", name, "nft", "add table inet t");
        run("ip", "netns", "exec", name, "nft", "add chain inet t in { type filter hook input priority 0; }");
        run("ip", "netns", "exec", name, "nft", "add rule inet t in " + rule);
    }

    @Test
    void oneChangedOctetIsFound() {
        UdpTrial.Findings found = UdpTrial.run(Address.Family.IPV4, netns, true, (data, at, length, segment) -> {
            long last = at + length - 1;
            data.set(ValueLayout.JAVA_BYTE, last, (byte) (data.get(ValueLayout.JAVA_BYTE, last) ^ 1));
            return segment;
        });
        assertThat(found.segment()).isEqualTo(new UdpTrial.Finding(Outcome.WRONG, "datagram 1 arrived changed"));
        assertThat(found.gro().outcome()).isEqualTo(Outcome.WRONG);
    }

    @Test
    void aBoundaryInTheWrongPlaceIsFound() {
        UdpTrial.Findings found = UdpTrial.run(
                Address.Family.IPV4,
                netns,
                true,
                (data, at, length, segment) -> length > segment ? segment + 1 : segment);
        assertThat(found.segment()).isEqualTo(UdpTrial.Finding.WORKS);
        assertThat(found.gro()).isEqualTo(new UdpTrial.Finding(Outcome.WRONG, "datagram 1 arrived changed"));
    }
}
