package io.sallyport.eap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Keys of TLS 1.2 handshakes without the extended master secret. */
class Tls12KeysTest {
    private static final Bytes CLIENT = Bytes.hex("11".repeat(32));
    private static final Bytes SERVER = Bytes.hex("22".repeat(32));

    /** The vectors that the TLS working group's list agreed on in 2010 for P_SHA256 and P_SHA384. */
    @Test
    void thePrfAgreesWithKnownVectors() {
        assertThat(Tls12Keys.prf(
                        "HmacSHA256",
                        Secret.of(Bytes.hex("9bbe436ba940f017b17652849a71db35").toArray()),
                        "test label",
                        Bytes.hex("a0ba9f936cda311827a6f796ffd5198c"),
                        100))
                .isEqualTo(Secret.of(Bytes.hex("e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"
                                + "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab"
                                + "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
                                + "87347b66")
                        .toArray()));
        assertThat(Tls12Keys.prf(
                        "HmacSHA384",
                        Secret.of(Bytes.hex("b80b733d6ceefcdc71566ea48e5567df").toArray()),
                        "test label",
                        Bytes.hex("cd665cf6a8447dd6ff8b27555edb7465"),
                        32))
                .isEqualTo(Secret.of(Bytes.hex("7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd")
                        .toArray()));
    }

    @Test
    void theRandomsAreThoseOfTheFirstHellos() {
        Secret master = Secret.of(new byte[48]);
        Tls12Keys keys = new Tls12Keys();
        keys.look(hello(1, CLIENT));
        assertThat(keys.export(master, "X_SHA256", "label", 64)).isEmpty();
        keys.look(hello(2, SERVER));
        keys.look(hello(1, SERVER));
        keys.look(hello(2, CLIENT));
        assertThat(keys.export(master, "X_SHA256", "label", 64))
                .contains(Tls12Keys.prf("HmacSHA256", master, "label", Bytes.concat(CLIENT, SERVER), 64));
        assertThat(keys.export(master, "X_SHA384", "label", 64))
                .contains(Tls12Keys.prf("HmacSHA384", master, "label", Bytes.concat(CLIENT, SERVER), 64));
    }

    @Test
    void whatIsNoHelloIsNotTakenForOne() {
        Tls12Keys keys = new Tls12Keys();
        Bytes client = hello(1, CLIENT);
        keys.look(client.slice(0, client.size() - 1));
        keys.look(Bytes.concat(Bytes.ofInts(23), client.slice(1, client.size())));
        keys.look(hello(0, CLIENT));
        keys.look(hello(2, SERVER));
        assertThat(keys.export(Secret.of(new byte[48]), "X_SHA256", "label", 64))
                .isEmpty();
    }

    /** The JDK leaves the extension out only as a whole process, so another one plays both ends. */
    @Test
    void bothEndsComeToOneKeyWithoutTheExtendedMasterSecret() throws Exception {
        Process other = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.tls.useExtendedMasterSecret=false",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        WithoutExtension.class.getName()))
                .redirectErrorStream(true)
                .start();
        String said = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("one key of 64 octets by TLSv1.2, overheard at both ends");
    }

    /** A handshake that says what came of it. */
    static final class WithoutExtension {
        private WithoutExtension() {}

        public static void main(String[] arguments) throws Exception {
            TlsIdentity gateway = Certs.of("gateway", "RSA");
            TlsIdentity alice = Certs.of("alice", "EC");
            TlsEngine server = TlsEngine.server(gateway, _ -> "alice");
            TlsEngine client = TlsEngine.client(alice, _ -> "gateway").only("TLSv1.2");
            java.io.ByteArrayOutputStream plain = new java.io.ByteArrayOutputStream();
            Bytes toServer = client.exchange(Bytes.EMPTY, plain);
            for (int i = 0; i < 5 && !(server.isFinished() && client.isFinished()); i++) {
                toServer = client.exchange(server.exchange(toServer, plain), plain);
            }
            boolean overheard = server.isOfTheOldKind() && client.isOfTheOldKind();
            Secret msk = server.msk();
            if (msk.equals(client.msk())) {
                System.out.println("one key of " + msk.size() + " octets by "
                        + (server.isTls13() ? "TLSv1.3" : "TLSv1.2") + (overheard ? ", overheard at both ends" : ""));
            }
        }
    }

    private static Bytes hello(int type, Bytes random) {
        return Bytes.concat(Bytes.ofInts(22, 3, 3, 0, 38, type, 0, 0, 34, 3, 3), random);
    }
}
