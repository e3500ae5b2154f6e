package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.LabFailure;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.UserModeLinux;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Libreswan, whose ESP is the kernel's, as IP protocol 50:
 *
 * <pre>
 *   hub  10.1.0.4                                          user-mode Linux
 *   Sallyport  192.0.2.1 ──────── bridge, TAP ──────── 192.0.2.2  Libreswan, 10.2.0.4
 * </pre>
 */
class LibreswanTest {
    @ParameterizedTest
    @CsvSource({
        "IKEv2, aes_gcm256-sha2_384;dh20, aes_gcm256, InitiatorOnly",
        "IKEv2, aes256-sha2_256;dh14, aes256-sha2_256, ResponderOnly",
    })
    @Shows(peer = Shows.LIBRESWAN, feature = "IKEv2, shared key")
    void sitesAreJoinedOverIkev2(String version, String ike, String esp, String mode) {
        join(version, ike, esp, mode);
    }

    private static void join(String version, String ike, String esp, String mode) {
        try (Lab lab = new Lab()) {
            Host hub = lab.host("hub");
            Host wire = lab.host("wire");
            hub.address("10.1.0.4/32");
            lab.bridge(wire, "br0");
            lab.plug(hub, "eth0", "192.0.2.1/24", wire, "br0");
            Sallyport sallyport = Sallyport.start(
                    lab,
                    hub,
                    lab.write(
                            "hub.yaml",
                            TwoSites.hubResources(
                                    "192.0.2.2",
                                    TwoSites.KEY,
                                    "10.2.0.0/16",
                                    "connectionMode: " + mode,
                                    "connectionProtocol: " + version,
                                    "trafficSelectorPolicies: [{ localAddressRanges: [10.1.0.0/16], remoteAddressRanges:"
                                            + " [10.2.0.0/16] }]",
                                    "sallyport: { cryptoProfile: modern, encapsulation: raw }")),
                    Optional.empty(),
                    List.of());
            UserModeLinux peer = Libreswan.boot(
                    lab,
                    wire,
                    "authby=secret\nikev2=" + (version.equals("IKEv2") ? "insist" : "no") + "\nike=" + ike + "\nesp="
                            + esp,
                    "192.0.2.2 192.0.2.1 : PSK \"" + TwoSites.KEY + "\"",
                    "",
                    mode.equals("ResponderOnly"));
            wire.ip("link", "set", "tap0", "master", "br0");
            awaitPing(hub, peer, sallyport);
            assertThat(hub.ping("10.1.0.4", "10.2.0.4", 3, Duration.ofMillis(200)))
                    .isEqualTo(3);
        }
    }

    static void awaitPing(Host hub, UserModeLinux peer, Sallyport sallyport) {
        long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (hub.ping("10.1.0.4", "10.2.0.4", 1, Duration.ofMillis(100)) == 0) {
            if (System.nanoTime() > until) {
                throw new LabFailure("no ping after 120 s\n" + peer.daemon().tail() + "\n" + sallyport.log());
            }
            RekeyTest.sleep(300);
        }
    }
}
