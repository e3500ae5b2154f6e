package io.sallyport.interop;

import io.sallyport.app.lab.Lab;
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

    @ParameterizedTest
    @CsvSource({
        "IKEv1, aes256-sha2_256;dh20, aes_gcm256, InitiatorOnly",
        "IKEv1, aes256-sha2_256;dh20, aes_gcm256, ResponderOnly",
    })
    @Shows(peer = Shows.LIBRESWAN, feature = "IKEv1, main mode, shared key and PFS")
    void sitesAreJoinedOverIkev1(String version, String ike, String esp, String mode) {
        join(version, ike, esp, mode);
    }

    @ParameterizedTest
    @CsvSource({
        "IKEv1, rsa3072, rsasig, InitiatorOnly",
        "IKEv2, rsa3072, rsasig, ResponderOnly",
        "IKEv2, p384, ecdsa, InitiatorOnly",
    })
    @Shows(peer = Shows.LIBRESWAN, feature = "certificates: RSA in IKEv1, RSA and ECDSA P-384 in IKEv2")
    void sitesProveThemselvesByCertificates(String version, String algorithm, String authby, String mode) {
        try (Lab lab = new Lab()) {
            Authority root = Authority.root(lab.directory().resolve("pki"), "root", "rsa3072");
            root.issue("hub.example", algorithm, "DNS:hub.example")
                    .installFor(lab.directory().resolve("hub-data"), "hub");
            Authority.Issued own = root.issue("branch.example", algorithm, "DNS:branch.example");
            join(
                    lab,
                    "connectionProtocol: " + version + "\n"
                            + CertificatesTest.connection(root, mode, "hub.example")
                                    .replace("{ cryptoProfile", "{ encapsulation: raw, cryptoProfile"),
                    ends(version, "aes256-sha2_256;dh20", "aes_gcm256") + "\nauthby=" + authby
                            + "\nleftid=@branch.example\nleftcert=own\nleftsendcert=always\nrightid=@hub.example",
                    "",
                    Libreswan.certificates(lab, root, own),
                    mode);
        }
    }

    private static void join(String version, String ike, String esp, String mode) {
        try (Lab lab = new Lab()) {
            join(
                    lab,
                    "connectionProtocol: " + version + "\nconnectionMode: " + mode
                            + "\nsallyport: { cryptoProfile: modern, encapsulation: raw }",
                    ends(version, ike, esp) + "\nauthby=secret",
                    "192.0.2.2 192.0.2.1 : PSK \"" + TwoSites.KEY + "\"",
                    "",
                    mode);
        }
    }

    private static String ends(String version, String ike, String esp) {
        return "ikev2=" + (version.equals("IKEv2") ? "insist" : "no") + "\nike=" + ike + "\nesp=" + esp;
    }

    private static void join(
            Lab lab, String connection, String peersConnection, String secrets, String setUp, String mode) {
        MachineSites.join(
                lab,
                connection,
                wire -> Libreswan.boot(lab, wire, peersConnection, secrets, setUp, mode.equals("ResponderOnly")));
    }
}
