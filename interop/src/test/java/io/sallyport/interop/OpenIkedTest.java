package io.sallyport.interop;

import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.UserModeLinux;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * OpenIKED, whose ESP is the kernel's by PF_KEY (which on Linux has neither GCM nor SHA-2 of full length), in user-mode Linux at 192.0.2.2 with 10.2.0.4
 * behind it.
 */
class OpenIkedTest {
    @ParameterizedTest
    @CsvSource({
        "InitiatorOnly, ecp384, aes-256",
        "ResponderOnly, modp2048, aes-128",
    })
    @Shows(peer = Shows.OPENIKED, feature = "IKEv2, shared key")
    void sitesAreJoined(String mode, String group, String cipher) {
        try (Lab lab = new Lab()) {
            join(
                    lab,
                    "connectionMode: " + mode + "\nsallyport: { cryptoProfile: azure, encapsulation: raw }",
                    policy(mode, group, cipher, "srcid 192.0.2.2 dstid 192.0.2.1 psk \"" + TwoSites.KEY + "\""),
                    """
                    openssl ecparam -genkey -name prime256v1 -noout -out /etc/iked/private/local.key
                    openssl ec -in /etc/iked/private/local.key -pubout -out /etc/iked/local.pub""");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "InitiatorOnly, p256",
        "ResponderOnly, rsa2048",
    })
    @Shows(peer = Shows.OPENIKED, feature = "IKEv2, certificates: RSA, ECDSA P-256")
    void sitesProveThemselvesByCertificates(String mode, String algorithm) {
        try (Lab lab = new Lab()) {
            Authority root = Authority.root(lab.directory().resolve("pki"), "root", "rsa2048");
            root.issue("hub.example", algorithm, "DNS:hub.example")
                    .installFor(lab.directory().resolve("hub-data"), "hub");
            Authority.Issued own = root.issue("branch.example", algorithm, "DNS:branch.example");
            join(
                    lab,
                    CertificatesTest.connection(root, mode, "hub.example")
                            .replace("cryptoProfile: modern", "cryptoProfile: azure, encapsulation: raw"),
                    policy(mode, "modp2048", "aes-256", "srcid branch.example dstid hub.example"),
                    """
                    cp %s /etc/iked/private/local.key && chmod 600 /etc/iked/private/local.key
                    cp %s /etc/iked/certs/branch.example.crt
                    cp %s /etc/iked/ca/ca.crt""".formatted(own.key(), own.certificate(), root.certificate()));
        }
    }

    private static String policy(String mode, String group, String cipher, String proof) {
        return """
                ikev2 "hub" %s esp from 10.2.0.0/16 to 10.1.0.0/16 local 192.0.2.2 peer 192.0.2.1 \
                  ikesa enc aes-256 prf hmac-sha2-256 auth hmac-sha2-256 group %s \
                  childsa enc %s auth hmac-sha1 \
                  %s
                """.formatted(mode.equals("ResponderOnly") ? "active" : "passive", group, cipher, proof);
    }

    private static void join(Lab lab, String connection, String policy, String keys) {
        Path conf = lab.write("openiked/iked.conf", policy);
        MachineSites.join(
                lab,
                connection,
                wire -> UserModeLinux.boot(
                        lab, wire, "openiked", "tap0", "192.0.2.2/24", "10.2.0.4/32", """
                        ip route add 10.1.0.0/16 via 192.0.2.1 src 10.2.0.4
                        mount -t tmpfs tmpfs /etc/iked
                        mkdir -p /etc/iked/private /etc/iked/ca /etc/iked/certs /etc/iked/crls /etc/iked/pubkeys/ipv4
                        %s
                        cp %s /run/iked.conf && chmod 600 /run/iked.conf
                        /usr/sbin/iked -dv -f /run/iked.conf 2>&1 &
                        sleep 1
                        """.formatted(keys, conf), ""));
    }
}
