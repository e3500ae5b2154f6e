package io.sallyport.engine.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What a capture takes and what it leaves; tcpdump reads the files. */
class CapturesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Address HUB = Address.parse("192.0.2.1");
    private static final Scope GATEWAY = Scope.ofGateway(HUB);
    private static final Endpoint LOCAL = Endpoint.of("192.0.2.1", 4500);
    private static final Endpoint REMOTE = Endpoint.of("192.0.2.2", 4500);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private final Tap tap = new Tap();

    @Test
    void nobodyIsThereWhenNothingIsCaptured() throws Exception {
        try (Captures captures = captures()) {
            assertThat(tap.recorder()).isNull();
            captures.start("hub", "hub", "hub", GATEWAY, filter("{}"));
            assertThat(tap.recorder()).isNotNull();
            captures.stop("hub", "hub");
            assertThat(tap.recorder()).isNull();
        }
    }

    @Test
    void bothKindsOfPacketAreReadByTcpdump() throws Exception {
        Path file;
        try (Captures captures = captures()) {
            captures.start("hub", "hub gw", "hub", GATEWAY, filter("{\"MaxPacketBufferSize\":1500}"));
            Recorder recorder = Objects.requireNonNull(tap.recorder());
            inner(recorder, "10.1.0.1", "10.2.0.1", 80);
            outer(recorder, LOCAL, REMOTE, false, true);
            outer(recorder, Endpoint.of("2001:db8::1", 500), Endpoint.of("2001:db8::2", 500), true, true);
            outer(recorder, LOCAL, REMOTE.withPort(0), false, false);
            file = captures.stop("hub", "hub gw");
        }
        assertThat(String.valueOf(file.getFileName())).matches("hub_gw-\\d{8}T\\d{6}\\.\\d{3}Z\\.pcapng");
        assertThat(tcpdump(file))
                .hasSize(3)
                .anyMatch(l -> l.contains("10.1.0.1.1024 > 10.2.0.1.80: Flags [S.]"))
                .anyMatch(l -> l.contains("192.0.2.1.4500 > 192.0.2.2.4500: UDP-encap: ESP(spi=0x01020304"))
                .anyMatch(l -> l.contains("192.0.2.1 > 192.0.2.2: ESP(spi=0x01020304"));
    }

    @Test
    void aPacketIsCutAndItsLengthIsKept() throws Exception {
        try (Captures captures = captures()) {
            captures.start("hub", "hub", "hub", GATEWAY, filter("{\"MaxPacketBufferSize\":40}"));
            inner(Objects.requireNonNull(tap.recorder()), "10.1.0.1", "10.2.0.1", 80);
            Path file = captures.stop("hub", "hub");
            assertThat(tcpdump(file)).hasSize(1);
            assertThat(run("capinfos", file.toString())).contains("Packet size limit:   inferred: 54 bytes");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 4",
                "{'TracingFlags':2} | 0",
                "{'Filters':[{'SourceSubnets':['10.1.0.0/16']}]} | 4",
                "{'Filters':[{'SourceSubnets':['10.1.0.0/16'],'CaptureSingleDirectionTrafficOnly':true}]} | 2",
                "{'Filters':[{'DestinationSubnets':['10.2.0.0/16'],'DestinationPort':[80],"
                        + "'CaptureSingleDirectionTrafficOnly':true}]} | 1",
                "{'Filters':[{'DestinationPort':[443]}]} | 2",
                "{'Filters':[{'SourcePort':[1024],'CaptureSingleDirectionTrafficOnly':true}]} | 4",
                "{'Filters':[{'Protocol':[17]}]} | 0",
                "{'Filters':[{'TcpFlags':18}]} | 4",
                "{'Filters':[{'TcpFlags':1}]} | 0",
                "{'Filters':[{'SourceSubnets':['172.16.0.0/12']}]} | 0",
            })
    void aFilterTakesWhatItSays(String filter, int packets) throws Exception {
        try (Captures captures = captures()) {
            captures.start("hub", "hub", "hub", GATEWAY, filter(filter));
            Recorder recorder = Objects.requireNonNull(tap.recorder());
            inner(recorder, "10.1.0.1", "10.2.0.1", 80);
            inner(recorder, "10.2.0.1", "10.1.0.1", 80);
            inner(recorder, "10.1.0.1", "10.2.0.1", 443);
            inner(recorder, "10.2.0.1", "10.1.0.1", 443);
            assertThat(tcpdump(captures.stop("hub", "hub"))).hasSize(packets);
        }
    }

    @Test
    void aConnectionsCaptureHoldsItsOwnPacketsOnly() throws Exception {
        try (Captures captures = captures()) {
            Scope scope = Scope.ofConnection(HUB, "hub-to-branch", REMOTE.address());
            captures.start("c", "c", "hub", scope, filter("{}"));
            Recorder recorder = Objects.requireNonNull(tap.recorder());
            inner(recorder, "10.1.0.1", "10.2.0.1", 80);
            MemorySegment other = tcp("10.1.0.1", "10.3.0.1", 80);
            recorder.inner(Recorder.Direction.OUT, HUB, "hub-to-other", other, 0, (int) other.byteSize());
            outer(recorder, LOCAL, REMOTE, false, true);
            outer(recorder, LOCAL, Endpoint.of("192.0.2.9", 4500), false, true);
            assertThat(tcpdump(captures.stop("c", "c"))).hasSize(2);
        }
    }

    @Test
    void aFileEndsAtItsSizeAndSaysHowMuchIsMissing() throws Exception {
        try (Captures captures = captures()) {
            captures.start("hub", "hub", "hub", GATEWAY, filter("{\"MaxFileSize\":1,\"MaxPacketBufferSize\":65535}"));
            Recorder recorder = Objects.requireNonNull(tap.recorder());
            for (int i = 0; i < 12_000; i++) {
                inner(recorder, "10.1.0.1", "10.2.0.1", 80);
            }
            Path file = captures.stop("hub", "hub");
            assertThat(Files.size(file)).isBetween(900_000L, (1L << 20) + 1_000);
            assertThat(run("capinfos", file.toString())).contains("pcapng");
        }
    }

    @Test
    void oneCaptureOfATargetAndFiveOfAGateway() throws Exception {
        try (Captures captures = captures()) {
            captures.start("hub", "hub", "hub", GATEWAY, filter("{}"));
            assertThatThrownBy(() -> captures.start("hub", "hub", "hub", GATEWAY, filter("{}")))
                    .isInstanceOf(Captures.Refused.class)
                    .hasMessageContaining("runs already; allowed: one at a time");
            for (int i = 1; i < 5; i++) {
                captures.start("c" + i, "c" + i, "hub", GATEWAY, filter("{}"));
            }
            assertThatThrownBy(() -> captures.start("c5", "c5", "hub", GATEWAY, filter("{}")))
                    .isInstanceOf(Captures.Refused.class)
                    .hasMessageContaining("5 packet captures of this gateway run already");
            captures.start("other", "other", "spoke", GATEWAY, filter("{}"));
            assertThatThrownBy(() -> captures.stop("nothing", "nothing")).hasMessageContaining("no packet capture");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | filterData: found no JSON object",
                "{'TracingFlags':99} | TracingFlags: found '99'; allowed: a whole number in 1..11",
                "{'MaxFileSize':0} | MaxFileSize: found '0'; allowed: a whole number in 1..1000",
                "{'MaxPacketBufferSize':'big'} | MaxPacketBufferSize: found 'big'",
                "{'Filters':[{},{}]} | Filters: found 2; allowed: a list of at most one filter",
                "{'Filters':[{'SourceSubnets':['10.1.0.1/16']}]} | Filters[0].SourceSubnets: found '10.1.0.1/16'",
                "{'Filters':[{'Protocol':[300]}]} | Filters[0].Protocol: found '300'; allowed: a whole number in 0..255",
            })
    void aWrongFilterIsNamed(String filter, String words) {
        assertThatThrownBy(() -> filter(filter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(words);
    }

    private Captures captures() {
        return new Captures(temp.resolve("captures"), tap);
    }

    private static CaptureFilter filter(String json) {
        return CaptureFilter.read(JSON.readTree(json.replace('\'', '"')));
    }

    private static void inner(Recorder recorder, String from, String to, int port) {
        MemorySegment packet = tcp(from, to, port);
        recorder.inner(Recorder.Direction.OUT, HUB, "hub-to-branch", packet, 0, (int) packet.byteSize());
    }

    private static void outer(Recorder recorder, Endpoint local, Endpoint remote, boolean ike, boolean udp) {
        byte[] octets = new byte[64];
        for (int i = 0; i < 4; i++) {
            octets[i] = (byte) (i + 1);
        }
        recorder.outer(
                Recorder.Direction.OUT, local, remote, ike, udp, MemorySegment.ofArray(octets), 0, octets.length);
    }

    /** A TCP packet with SYN and ACK, from port 1024. */
    private static MemorySegment tcp(String from, String to, int port) {
        byte[] octets = new byte[100];
        octets[0] = 0x45;
        octets[3] = 100;
        octets[8] = 64;
        octets[9] = 6;
        System.arraycopy(Address.parse(from).toBytes().toArray(), 0, octets, 12, 4);
        System.arraycopy(Address.parse(to).toBytes().toArray(), 0, octets, 16, 4);
        octets[20] = 4;
        octets[22] = (byte) (port >>> 8);
        octets[23] = (byte) port;
        octets[32] = 0x50;
        octets[33] = 0x12;
        return MemorySegment.ofArray(octets);
    }

    private static List<String> tcpdump(Path file) throws Exception {
        return run("tcpdump", "-n", "-r", file.toString())
                .lines()
                .filter(l -> l.contains(" > "))
                .toList();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
