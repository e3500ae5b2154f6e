package io.sallyport.pki;

import static io.sallyport.pki.SigningTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Bytes;
import io.sallyport.pki.CertificateRefused.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Authorities of one's own: below each other, and with places where their lists are. */
class AuthorityTest {
    private static final Clock CLOCK = Clock.fixed(Made.NOW, ZoneOffset.UTC);
    private static final RevocationUrls ROOT_URLS =
            new RevocationUrls(List.of("http://pki.example/root.crl"), List.of());
    private static final RevocationUrls URLS =
            new RevocationUrls(List.of("http://pki.example/vpn.crl"), List.of("http://ocsp.example/"));

    @TempDir
    Path data;

    private final SequencedMap<String, Path> published = new LinkedHashMap<>();

    private Bytes fetch(String url, Optional<Bytes> question) throws IOException {
        Path file = published.get(url);
        if (file == null || question.isPresent()) {
            throw new IOException(url + " is not there");
        }
        return Bytes.wrap(Files.readAllBytes(file));
    }

    private static Authority.Kind kind(String name, boolean root, RevocationUrls urls) {
        return new Authority.Kind(name, KeyKind.EC, root, urls);
    }

    private static Credential issue(Authority authority, String name) throws IOException {
        return authority.issue(new Authority.Request(name, Role.GATEWAY, List.of(), 30, KeyKind.EC));
    }

    private void verify(Authority root, Credential credential) throws Exception {
        Trust trust = new Trust("t", List.of(root.certificate()), Optional.empty(), List.of(), Trust.Policy.REQUIRED);
        List<Bytes> der = new ArrayList<>();
        for (X509Certificate each : credential.chain()) {
            der.add(Bytes.wrap(each.getEncoded()));
        }
        // Anew each time, for what was fetched is kept.
        Verification verification = new Verification(
                CLOCK, new Revocation((url, question, most, patience) -> fetch(url, question), CLOCK, List::of));
        verification.revocation(verification.chain(trust, der, Use.IKE), List.of(), Optional.empty());
    }

    @Test
    void whatAnAuthorityBelowIssuesIsBelievedByWhoeverTrustsTheTop() throws Exception {
        Authority root = Authority.init(data.resolve("safe"), kind("root", true, ROOT_URLS), CLOCK);
        Authority below = root.below(data.resolve("pki"), kind("vpn", false, URLS));
        Credential gateway = issue(Authority.open(data.resolve("pki"), CLOCK), "gw");
        assertThat(gateway.chain()).containsExactly(gateway.certificate(), below.certificate(), root.certificate());
        assertThat(below.top()).isEqualTo(root.certificate());
        assertThat(Places.crls(gateway.certificate())).containsExactly("http://pki.example/vpn.crl");
        assertThat(Places.ocsp(gateway.certificate())).containsExactly("http://ocsp.example/");
        assertThat(Places.crls(below.certificate())).containsExactly("http://pki.example/root.crl");
        published.put("http://pki.example/vpn.crl", data.resolve("pki/ca.crl"));
        published.put("http://pki.example/root.crl", data.resolve("safe/ca.crl"));
        verify(root, gateway);
    }

    @Test
    void aRevocationAtEitherLevelIsFoundWhereTheCertificatesSay() throws Exception {
        Authority root = Authority.init(data.resolve("safe"), kind("root", true, ROOT_URLS), CLOCK);
        Authority below = root.below(data.resolve("pki"), kind("vpn", false, URLS));
        Credential gateway = issue(below, "gw");
        assertFault(Fault.REVOCATION_UNKNOWN, () -> verify(root, gateway));
        published.put("http://pki.example/vpn.crl", data.resolve("pki/ca.crl"));
        published.put("http://pki.example/root.crl", data.resolve("safe/ca.crl"));
        verify(root, gateway);
        Credential other = issue(below, "other");
        below.revoke("other", RevocationReason.keyCompromise);
        assertFault(Fault.REVOKED, () -> verify(root, other));
        verify(root, gateway);
        assertThat(root.revoke("vpn", RevocationReason.cACompromise)).isEqualTo(1);
        assertThat(root.isRevoked(below.certificate())).isTrue();
        assertFault(Fault.REVOKED, () -> verify(root, gateway));
    }

    @Test
    void aLoneAuthorityHasNoneBelowIt() throws Exception {
        Authority lone = Authority.init(data.resolve("pki"), "Lab", KeyKind.EC, CLOCK);
        assertThatThrownBy(() -> lone.below(data.resolve("other"), kind("vpn", false, RevocationUrls.NONE)))
                .hasMessageContaining("pki init --root");
        Authority root = Authority.init(data.resolve("safe"), kind("root", true, RevocationUrls.NONE), CLOCK);
        Authority below = root.below(data.resolve("second"), kind("vpn", true, RevocationUrls.NONE));
        assertThatThrownBy(() -> below.below(data.resolve("third"), kind("x", false, RevocationUrls.NONE)))
                .hasMessageContaining("pki init --root");
        assertThatThrownBy(() -> root.below(data.resolve("fourth"), kind("a b", false, RevocationUrls.NONE)))
                .hasMessageContaining("found the name 'a b'");
        assertThat(Files.exists(data.resolve("fourth"))).isFalse();
    }

    @Test
    void urlsThatNobodyCouldAskAreRefused() {
        for (String wrong : List.of("https://pki.example/x.crl", "ftp://pki.example/", "http:///x", "x y", "")) {
            assertThatThrownBy(() -> Authority.init(
                            data.resolve("pki"),
                            kind("x", false, new RevocationUrls(List.of(wrong), List.of())),
                            CLOCK))
                    .as(wrong)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("allowed: http://HOST/PATH");
        }
        List<String> many = List.of("http://a/", "http://b/", "http://c/", "http://d/");
        assertThatThrownBy(() -> Authority.init(
                        data.resolve("pki"), kind("x", false, new RevocationUrls(List.of(), many)), CLOCK))
                .hasMessageContaining("found 4 URLs");
        assertThat(Files.exists(data.resolve("pki"))).isFalse();
    }
}
