package io.sallyport.engine.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.engine.path.Gateways.Joint;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a configuration asks for and the machine does not have is refused in one line, and nothing is left behind. */
class RefusalsTest {
    private Lab lab;
    private LinuxPacketPath path;

    @BeforeEach
    void build() throws IOException {
        lab = new Lab();
        path = new LinuxPacketPath(new Gateways.Heard());
    }

    @AfterEach
    void tearDown() {
        path.close();
        lab.close();
    }

    private static PathConfig.Surface surface(String device, String netns, int mtu) {
        return new PathConfig.Surface(
                "v", device, Optional.of(netns), mtu, List.of(Prefix.parse("10.1.0.0/16")), List.of());
    }

    private static PathConfig.Listener listener(String address, String netns, int natPort) {
        return new PathConfig.Listener(Address.parse(address), Optional.of(netns), 500, natPort);
    }

    private void refuses(List<PathConfig.Surface> surfaces, List<PathConfig.Listener> listeners, String line)
            throws IOException {
        assertThatThrownBy(() -> path.configure(new PathConfig(surfaces, listeners, List.of())))
                .isInstanceOf(IOException.class)
                .hasMessage(line);
        assertThat(lab.in(lab.left(), "ss", "-ulnH")).doesNotContain("192.0.2.1");
        assertThat(lab.in(lab.left(), "ip", "link")).doesNotContain("spT");
    }

    @Test
    void aListenersAddressThatIsNotOnTheMachine() throws Exception {
        refuses(
                List.of(surface("spT", lab.left(), 1400)),
                List.of(listener("192.0.2.1", lab.left(), 4500), listener("203.0.113.7", lab.left(), 4500)),
                "UDP 203.0.113.7:4500 in network namespace '" + lab.left() + "': the address is not on this machine");
    }

    @Test
    void aListenersAddressOfTheOtherFamilyThatIsNotOnTheMachine() throws Exception {
        refuses(
                List.of(),
                List.of(listener("2001:db8:9::9", lab.left(), 4500)),
                "UDP [2001:db8:9::9]:4500 in network namespace '" + lab.left()
                        + "': the address is not on this machine");
    }

    @Test
    void aPortThatIsTaken() throws Exception {
        refuses(
                List.of(),
                List.of(listener("192.0.2.1", lab.left(), 500)),
                "UDP 192.0.2.1:500 in network namespace '" + lab.left() + "': the port is in use by another program");
    }

    @Test
    void aListenersNetworkNamespaceThatDoesNotExist() throws Exception {
        refuses(
                List.of(surface("spT", lab.left(), 1400)),
                List.of(listener("192.0.2.1", "no-such", 4500)),
                "network namespace 'no-such' does not exist");
    }

    @Test
    void aDevicesNetworkNamespaceThatDoesNotExist() throws Exception {
        refuses(
                List.of(surface("spT", "no-such", 1400)),
                List.of(listener("192.0.2.1", lab.left(), 4500)),
                "network namespace 'no-such' does not exist");
    }

    @Test
    void aDeviceThatIsSomebodyElses() throws Exception {
        refuses(
                List.of(surface("vL", lab.left(), 1400)),
                List.of(listener("192.0.2.1", lab.left(), 4500)),
                "device 'vL' exists already in network namespace '" + lab.left() + "'");
    }

    @Test
    void aNameThatNoDeviceCanHave() throws Exception {
        refuses(
                List.of(surface("sixteen-letters-", lab.left(), 1400)),
                List.of(listener("192.0.2.1", lab.left(), 4500)),
                "'sixteen-letters-' is not a device name: 1 to 15 octets without '/' and spaces");
    }

    @Test
    void anMtuThatNoDeviceCanHave() throws Exception {
        refuses(
                List.of(surface("spT", lab.left(), 70_000)),
                List.of(listener("192.0.2.1", lab.left(), 4500)),
                "MTU 70000 for device 'spT': Invalid argument");
    }

    /** The other gateway runs as a program that was denied raw sockets. */
    @Test
    void withoutRawSocketsEncapsulatedTrafficPasses() throws Exception {
        try (Gateways gateways = new Gateways(lab, Joint.USUAL, 1400)) {
            gateways.left.close();
            List<String> command =
                    new ArrayList<>(List.of("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp"));
            command.add(System.getProperty("java.class.path"));
            command.add(WithoutRawSockets.class.getName());
            ProcessBuilder builder = new ProcessBuilder(Lab.entering(lab.left(), command.toArray(String[]::new)));
            Process other = builder.redirectErrorStream(true).start();
            try (BufferedReader said =
                    new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
                List<String> lines = new ArrayList<>();
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    lines.add(line);
                    if (line.equals("ready")) {
                        break;
                    }
                }
                assertThat(String.join("\n", lines))
                        .contains("raw ESP not available (protocol 50 on 192.0.2.1: not permitted;")
                        .endsWith("ready");
                Lab.run("ip", "-n", lab.left(), "addr", "add", "10.1.0.1/32", "dev", "spT");
                gateways.right.install(gateways.child(1, false, Gateways.ANY), true);
                assertThat(lab.succeeds(lab.right(), "ping", "-c2", "-W1", "10.1.0.1"))
                        .isTrue();
            } finally {
                other.destroyForcibly();
                other.waitFor();
            }
        }
    }

    /** The left gateway as a program of its own, in the namespace it was started in. */
    static final class WithoutRawSockets {
        private WithoutRawSockets() {}

        static void main(String[] arguments) throws Exception {
            LinuxPacketPath path = new LinuxPacketPath(new Gateways.Heard());
            path.configure(Gateways.config(Joint.USUAL, true, Optional.empty(), 1400));
            path.install(Gateways.child(Joint.USUAL, 1, true, Gateways.ANY), true);
            path.capabilities().forEach(System.out::println);
            System.out.println("ready");
            Thread.sleep(60_000);
            path.close();
        }
    }
}
