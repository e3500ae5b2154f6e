package io.sallyport.api.network;

import io.sallyport.api.network.schema.Findings;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Rules of {@code ipsecPolicies}: which values go together, and which are too broken to be had. */
final class IpsecPolicies {
    private static final String CODE = "InvalidIpsecPolicy";
    private static final String BROKEN = " (broken; Sallyport does not have it)";

    private IpsecPolicies() {}

    static void check(JsonNode policies, String path, Findings findings) {
        if (policies.size() > 1) {
            findings.wrong(CODE, path, "found " + policies.size() + " policies; allowed: one");
            return;
        }
        for (int i = 0; i < policies.size(); i++) {
            one(policies.get(i), path + "[" + i + "].", findings);
        }
    }

    static void one(JsonNode policy, String at, Findings findings) {
        String ipsec = policy.path("ipsecEncryption").asString("");
        String ipsecIntegrity = policy.path("ipsecIntegrity").asString("");
        String ike = policy.path("ikeEncryption").asString("");
        String ikeIntegrity = policy.path("ikeIntegrity").asString("");
        boolean gcm = ipsec.startsWith("GCM") || ipsecIntegrity.startsWith("GCM");
        if (gcm && !ipsec.equals(ipsecIntegrity)) {
            findings.wrong(
                    CODE,
                    at + "ipsecIntegrity",
                    "found '" + ipsecIntegrity + "' with ipsecEncryption '" + ipsec
                            + "'; allowed: with GCM, the same GCM value for both");
        }
        if (ikeIntegrity.startsWith("GCM") && !ikeIntegrity.equals(ike)) {
            findings.wrong(
                    CODE,
                    at + "ikeIntegrity",
                    "found '" + ikeIntegrity + "' with ikeEncryption '" + ike
                            + "'; allowed: the same GCM value for both, or SHA1, SHA256, SHA384");
        }
        broken(
                at + "ipsecEncryption",
                ipsec,
                List.of("DES", "None"),
                "DES3, AES128, AES192, AES256, GCMAES128, GCMAES192, GCMAES256",
                findings);
        broken(
                at + "ikeEncryption",
                ike,
                List.of("DES"),
                "DES3, AES128, AES192, AES256, GCMAES128, GCMAES256",
                findings);
        broken(
                at + "ipsecIntegrity",
                ipsecIntegrity,
                List.of("MD5"),
                "SHA1, SHA256, GCMAES128, GCMAES192, GCMAES256",
                findings);
        broken(
                at + "ikeIntegrity",
                ikeIntegrity,
                List.of("MD5"),
                "SHA1, SHA256, SHA384, GCMAES128, GCMAES256",
                findings);
        broken(
                at + "dhGroup",
                policy.path("dhGroup").asString(""),
                List.of("None", "DHGroup1"),
                "DHGroup2, DHGroup14, DHGroup2048, ECP256, ECP384, DHGroup24",
                findings);
        broken(
                at + "pfsGroup",
                policy.path("pfsGroup").asString(""),
                List.of("PFS1"),
                "None, PFS2, PFS2048, PFS14, ECP256, ECP384, PFS24",
                findings);
    }

    private static void broken(String path, String found, List<String> bad, String allowed, Findings findings) {
        if (bad.contains(found)) {
            findings.wrong(CODE, path, "found '" + found + "'; allowed: " + allowed + BROKEN);
        }
    }
}
