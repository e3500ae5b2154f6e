package io.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authority and the server's certificate over the years. */
class ServerIdentityTest {
    private static final String PASSWORD = "p";

    @TempDir
    Path data;

    private final HandClock clock = new HandClock();

    private static final class HandClock extends Clock {
        private Instant now = Instant.now();

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private ServerIdentity open(String... extra) throws IOException {
        return ServerIdentity.open(
                data, List.of(extra).stream().map(HostName::of).toList(), clock, PASSWORD);
    }

    private static X509Certificate leaf(KeyStore store) throws Exception {
        return (X509Certificate) store.getCertificate("api");
    }

    @Test
    void theFirstStartMakesAnAuthorityAndACertificateThatItVouchesFor() throws Exception {
        ServerIdentity identity = open();
        X509Certificate leaf = leaf(identity.current());
        X509Certificate authority = Pem.certificate(identity.authority());
        leaf.verify(authority.getPublicKey());
        assertThat(authority.getBasicConstraints()).isZero();
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(leaf.getSubjectAlternativeNames().toString()).contains("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(identity.current().getCertificateChain("api")).hasSize(2);
        for (String secret : List.of("ca.key", "tls.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(secret))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void nothingChangesWithoutNeed() throws Exception {
        X509Certificate first = leaf(open().current());
        ServerIdentity again = open();
        assertThat(leaf(again.current())).isEqualTo(first);
        assertThat(again.current()).isSameAs(again.current());
    }

    @Test
    void theCertificateIsRenewedAMonthBeforeItsEndUnderTheSameAuthority() throws Exception {
        ServerIdentity identity = open();
        byte[] authority = Files.readAllBytes(identity.authority());
        KeyStore first = identity.current();
        clock.now = clock.now.plus(Duration.ofDays(330));
        assertThat(identity.current()).isSameAs(first);
        clock.now = clock.now.plus(Duration.ofDays(6));
        KeyStore second = identity.current();
        assertThat(second).isNotSameAs(first);
        assertThat(leaf(second).getNotAfter().toInstant()).isAfter(clock.now.plus(Duration.ofDays(360)));
        assertThat(Files.readAllBytes(identity.authority())).isEqualTo(authority);
    }

    @Test
    void aNewNameMakesANewAuthorityBecauseTheOldOneMayNotVouchForIt() throws Exception {
        byte[] before = Files.readAllBytes(open().authority());
        ServerIdentity named = open("gw.example.org", "192.0.2.1");
        assertThat(leaf(named.current()).getSubjectAlternativeNames().toString())
                .contains("gw.example.org", "192.0.2.1");
        assertThat(Files.readAllBytes(named.authority())).isNotEqualTo(before);
        byte[] after = Files.readAllBytes(named.authority());
        assertThat(Files.readAllBytes(open("gw.example.org").authority())).isEqualTo(after);
    }

    @Test
    void anAuthorityNearItsEndIsMadeAnew() throws Exception {
        byte[] before = Files.readAllBytes(open().authority());
        clock.now = clock.now.plus(Duration.ofDays(3650 - 300));
        ServerIdentity later = open();
        assertThat(Files.readAllBytes(later.authority())).isNotEqualTo(before);
        leaf(later.current()).verify(Pem.certificate(later.authority()).getPublicKey());
    }

    @Test
    void aCertificateOfOnesOwnIsLeftAlone() throws Exception {
        open();
        Files.delete(data.resolve("ca.key"));
        X509Certificate own = Pem.certificate(data.resolve("tls.crt"));
        clock.now = clock.now.plus(Duration.ofDays(360));
        assertThat(leaf(open("other.example").current())).isEqualTo(own);
    }

    @Test
    void aBrokenFileIsOneClearLine() throws Exception {
        open();
        Files.write(data.resolve("tls.key"), "nonsense".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be used")
                .hasMessageContaining("move ca.crt")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void namesAreReadOrRefused() {
        assertThat(HostName.of(" GW.Example.org ")).isEqualTo(new HostName("gw.example.org", false));
        assertThat(HostName.of("2001:db8::1").isAddress()).isTrue();
        for (String wrong : List.of("", "a b", "-x", "a..b", "*.example.org", "http://x")) {
            assertThatThrownBy(() -> HostName.of(wrong)).as(wrong).hasMessageContaining("allowed:");
        }
    }
}
