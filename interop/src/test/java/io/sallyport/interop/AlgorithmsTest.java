package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.StrongSwan;
import io.sallyport.interop.TwoSites.Peer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every algorithm family, in both roles, with packets; the names are strongSwan's. Its user-space path has no extended
 * sequence numbers: {@link KernelPeerTest} has them.
 */
class AlgorithmsTest {
    @ParameterizedTest
    @CsvSource({
        "aes256gcm16-prfsha384-ecp384, aes256gcm16, AES_GCM_16-256",
        "aes128gcm16-prfsha256-ecp256, aes128gcm16, AES_GCM_16-128",
        "aes192gcm16-prfsha512-ecp521, aes192gcm16, AES_GCM_16-192",
        "aes256-sha256-modp2048, aes256-sha256, AES_CBC-256/HMAC_SHA2_256_128",
        "aes192-sha384-modp3072, aes192-sha384, AES_CBC-192/HMAC_SHA2_384_192",
        "aes128-sha512-modp4096, aes128-sha512, AES_CBC-128/HMAC_SHA2_512_256",
        "aes128-sha1-modp1024, aes128-sha1, AES_CBC-128/HMAC_SHA1_96",
        "3des-sha1-modp1024, 3des-sha1, 3DES_CBC/HMAC_SHA1_96",
        "aes256-sha256-modp2048s256, aes256-sha256, AES_CBC-256/HMAC_SHA2_256_128",
        "chacha20poly1305-prfsha256-curve25519, chacha20poly1305, CHACHA20_POLY1305",
    })
    void packetsPassInBothRoles(String ike, String esp, String shown) {
        String profile = algorithms(ike);
        for (String mode : new String[] {"InitiatorOnly", "ResponderOnly"}) {
            try (TwoSites sites = TwoSites.joinedByCable()) {
                StrongSwan swan = sites.strongSwan(Peer.with(ike, esp));
                sites.sallyport("connectionMode: " + mode, profile);
                if (mode.equals("ResponderOnly")) {
                    swan.swanctl("--initiate", "--child", "net");
                }
                sites.awaitTunnel(swan);
                assertThat(swan.swanctl("--list-sas")).as(mode).contains(shown);
                sites.assertPingsBothWays();
            }
        }
    }

    /** The profile that has them, or the policy that asks for them. */
    private static String algorithms(String ike) {
        if (ike.endsWith("modp2048s256")) {
            return TwoSites.policy("AES256", "AES256", "SHA256", "DHGroup24", "PFS24");
        }
        return ike.contains("sha1") ? "sallyport: { cryptoProfile: azure }" : "sallyport: { cryptoProfile: modern }";
    }
}
