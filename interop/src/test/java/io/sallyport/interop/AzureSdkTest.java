package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.StrongSwan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tunnel made, used and removed by programs with Azure's SDKs, which know nothing of Sallyport but its address. */
class AzureSdkTest {
    private static final String KEY = "NotARealSecret0123456789";
    private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
    private static final String TENANT = "11111111-1111-1111-1111-111111111111";
    private static final String ENDPOINT = "https://localhost:8443";

    @Test
    void theSdkForJavaBuildsATunnelAndRemovesIt() throws IOException {
        try (AzureLab lab = new AzureLab();
                StrongSwan _ = lab.strongSwan(KEY)) {
            Path trust = lab.sallyport().data().resolveSibling("trust.p12");
            Commands.must(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    "ca",
                    "-file",
                    lab.sallyport().data().resolve("ca.crt").toString(),
                    "-keystore",
                    trust.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    "changeit");
            for (String step : List.of("build", "use")) {
                Commands.Finished finished = lab.client(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djavax.net.ssl.trustStore=" + trust,
                        "-Djavax.net.ssl.trustStorePassword=changeit",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "io.sallyport.interop.SdkForJava",
                        ENDPOINT,
                        token(lab),
                        SUBSCRIPTION,
                        TENANT,
                        KEY,
                        step));
                assertThat(finished.exit()).as(finished.output()).isZero();
                assertThat(finished.output()).contains("ok: done");
                if (step.equals("build")) {
                    assertThat(lab.ping(20)).isPositive();
                }
            }
        }
    }

    @Test
    void theSdkForNodeBuildsATunnelAndRemovesIt() throws IOException {
        try (AzureLab lab = new AzureLab();
                StrongSwan _ = lab.strongSwan(KEY)) {
            for (String step : List.of("build", "use")) {
                List<String> command = new ArrayList<>(List.of(
                        "env",
                        "NODE_EXTRA_CA_CERTS=" + lab.sallyport().data().resolve("ca.crt"),
                        "node",
                        Path.of("src/test/npm/acceptance.mjs").toAbsolutePath().toString()));
                command.addAll(List.of(ENDPOINT, token(lab), SUBSCRIPTION, KEY, step));
                Commands.Finished finished = lab.client(command);
                assertThat(finished.exit()).as(finished.output()).isZero();
                assertThat(finished.output()).contains("ok: done");
                if (step.equals("build")) {
                    assertThat(lab.ping(20)).isPositive();
                }
            }
        }
    }

    private static String token(AzureLab lab) throws IOException {
        return Files.readString(lab.sallyport().data().resolve("local-token")).strip();
    }
}
