package io.sallyport.pki;

import static io.sallyport.pki.SigningTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.sallyport.base.Bytes;
import io.sallyport.pki.CertificateRefused.Fault;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who was revoked, by whose word, and what happens when nobody says anything. */
class RevocationTest {
    private static final Clock CLOCK = Clock.fixed(Made.NOW, ZoneOffset.UTC);

    private static Made root;
    private static Made end;

    /** Places that answer with what they hold, and remember that they were asked. */
    private static final class Shelf implements Fetcher {
        private final Map<String, Bytes> answers = new LinkedHashMap<>();
        private final List<String> asked = new ArrayList<>();

        @Override
        public Bytes fetch(String url, Optional<Bytes> question, int sizeMax, Duration within) throws IOException {
            asked.add(url);
            Bytes found = answers.get(url);
            if (found == null) {
                throw new IOException(url + " does not answer");
            }
            return found;
        }
    }

    private final Shelf shelf = new Shelf();

    @BeforeAll
    static void makeTwo() throws Exception {
        root = Made.authority("Root").selfSigned();
        end = Made.end("peer")
                .with(Extension.cRLDistributionPoints, false, point("http://crl.example/root.crl"))
                .with(
                        Extension.authorityInfoAccess,
                        false,
                        new AuthorityInformationAccess(
                                AccessDescription.id_ad_ocsp,
                                new GeneralName(GeneralName.uniformResourceIdentifier, "http://ocsp.example")))
                .by(root);
    }

    private static CRLDistPoint point(String url) {
        return new CRLDistPoint(new DistributionPoint[] {
            new DistributionPoint(
                    new DistributionPointName(
                            new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, url))),
                    null,
                    null)
        });
    }

    private void check(Trust.Policy policy, List<Bytes> crls, Optional<Bytes> ocsp) throws Exception {
        check(new Revocation(shelf, CLOCK, List::of), policy, crls, ocsp);
    }

    private static void check(Revocation revocation, Trust.Policy policy, List<Bytes> crls, Optional<Bytes> ocsp)
            throws Exception {
        check(revocation, policy, end, crls, ocsp);
    }

    private static void check(
            Revocation revocation, Trust.Policy policy, Made who, List<Bytes> crls, Optional<Bytes> ocsp)
            throws Exception {
        Trust trust = new Trust("t", List.of(root.certificate), Optional.empty(), List.of(), policy);
        Verification verification = new Verification(CLOCK, revocation);
        verification.revocation(verification.chain(trust, List.of(who.der()), Use.IKE), crls, ocsp);
    }

    private static Bytes crl(Made signer, Instant from, Instant to, BigInteger... revoked) throws Exception {
        return crl(signer, from, to, false, revoked);
    }

    private static Bytes crl(Made signer, Instant from, Instant to, boolean delta, BigInteger... revoked)
            throws Exception {
        X509v2CRLBuilder builder = new JcaX509v2CRLBuilder(root.certificate.getSubjectX500Principal(), Date.from(from));
        builder.setNextUpdate(Date.from(to));
        for (BigInteger serial : revoked) {
            builder.addCRLEntry(serial, Date.from(Made.NOW.minusSeconds(60)), 1);
        }
        if (delta) {
            builder.addExtension(Extension.deltaCRLIndicator, true, new ASN1Integer(1));
        }
        return Bytes.wrap(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.pair.getPrivate()))
                .getEncoded());
    }

    private static Bytes goodCrl(BigInteger... revoked) throws Exception {
        return crl(root, Made.NOW.minusSeconds(600), Made.NOW.plusSeconds(600), revoked);
    }

    private static Bytes ocsp(Made signer, CertificateStatus status, Instant from, Instant to, Made... sent)
            throws Exception {
        var digests = new JcaDigestCalculatorProviderBuilder().build();
        var sha1 = digests.get(new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE));
        BasicOCSPRespBuilder builder = new JcaBasicOCSPRespBuilder(signer.pair.getPublic(), sha1);
        builder.addResponse(
                new CertificateID(
                        sha1, new JcaX509CertificateHolder(root.certificate), end.certificate.getSerialNumber()),
                status,
                Date.from(from),
                Date.from(to));
        X509CertificateHolder[] chain = new X509CertificateHolder[sent.length];
        for (int i = 0; i < sent.length; i++) {
            chain[i] = new JcaX509CertificateHolder(sent[i].certificate);
        }
        assertThat(OCSPObjectIdentifiers.id_pkix_ocsp_basic).isNotNull();
        return Bytes.wrap(new OCSPRespBuilder()
                .build(
                        OCSPRespBuilder.SUCCESSFUL,
                        builder.build(
                                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.pair.getPrivate()),
                                chain,
                                Date.from(from)))
                .getEncoded());
    }

    private static Bytes ocsp(Made signer, CertificateStatus status, Made... sent) throws Exception {
        return ocsp(signer, status, Made.NOW.minusSeconds(60), Made.NOW.plusSeconds(60), sent);
    }

    private static CertificateStatus revoked() {
        return new RevokedStatus(Date.from(Made.NOW.minusSeconds(60)), 1);
    }

    @Test
    void aDeliveredListTellsGoodFromRevoked() throws Exception {
        check(Trust.Policy.REQUIRED, List.of(goodCrl()), Optional.empty());
        assertThat(shelf.asked).isEmpty();
        Bytes list = goodCrl(end.certificate.getSerialNumber());
        assertFault(Fault.REVOKED, () -> check(Trust.Policy.REQUIRED, List.of(list), Optional.empty()));
        assertFault(Fault.REVOKED, () -> check(Trust.Policy.OFF, List.of(list), Optional.empty()));
        assertThatThrownBy(() -> check(Trust.Policy.OFF, List.of(list), Optional.empty()))
                .hasMessageContaining("'CN=peer'")
                .hasMessageContaining("KEY_COMPROMISE")
                .hasMessageContaining("'CN=Root'");
    }

    @Test
    void aDeliveredOcspAnswerTellsGoodFromRevoked() throws Exception {
        check(Trust.Policy.REQUIRED, List.of(), Optional.of(ocsp(root, CertificateStatus.GOOD)));
        assertThat(shelf.asked).isEmpty();
        Bytes bad = ocsp(root, revoked());
        assertFault(Fault.REVOKED, () -> check(Trust.Policy.OFF, List.of(), Optional.of(bad)));
    }

    @Test
    void aListOutweighsAnOcspAnswerThatSaysGood() throws Exception {
        Bytes list = goodCrl(end.certificate.getSerialNumber());
        Bytes good = ocsp(root, CertificateStatus.GOOD);
        assertFault(Fault.REVOKED, () -> check(Trust.Policy.OFF, List.of(list), Optional.of(good)));
    }

    @Test
    void listsThatMayNotSpeakAreNotHeard() throws Exception {
        Made stranger = Made.authority("Root").selfSigned();
        List<Bytes> worthless = List.of(
                crl(stranger, Made.NOW.minusSeconds(600), Made.NOW.plusSeconds(600)),
                crl(root, Made.NOW.minusSeconds(6000), Made.NOW.minusSeconds(600)),
                crl(root, Made.NOW.plusSeconds(600), Made.NOW.plusSeconds(6000)),
                crl(root, Made.NOW.minusSeconds(600), Made.NOW.plusSeconds(600), true),
                Bytes.utf8("no list"),
                Bytes.EMPTY);
        for (Bytes each : worthless) {
            assertFault(Fault.REVOCATION_UNKNOWN, () -> check(Trust.Policy.REQUIRED, List.of(each), Optional.empty()));
        }
        // What a stranger revoked stays good.
        Bytes theirs =
                crl(stranger, Made.NOW.minusSeconds(600), Made.NOW.plusSeconds(600), end.certificate.getSerialNumber());
        check(Trust.Policy.IF_POSSIBLE, List.of(theirs), Optional.empty());
    }

    @Test
    void ocspAnswersOfStrangersAreNotHeard() throws Exception {
        Made stranger = Made.authority("Root").selfSigned();
        Made unnamed = Made.end("responder").by(root);
        Made named =
                Made.end("responder").extended(KeyPurposeId.id_kp_OCSPSigning).by(root);
        Made old = Made.end("responder")
                .extended(KeyPurposeId.id_kp_OCSPSigning)
                .valid(Made.NOW.minusSeconds(100), Made.NOW.minusSeconds(50))
                .by(root);
        Made foreign =
                Made.end("responder").extended(KeyPurposeId.id_kp_OCSPSigning).by(stranger);
        for (Bytes each : List.of(
                ocsp(stranger, CertificateStatus.GOOD, stranger),
                ocsp(unnamed, CertificateStatus.GOOD, unnamed),
                ocsp(old, CertificateStatus.GOOD, old),
                ocsp(foreign, CertificateStatus.GOOD, foreign),
                ocsp(root, CertificateStatus.GOOD, Made.NOW.minusSeconds(6000), Made.NOW.minusSeconds(600)),
                ocsp(root, CertificateStatus.GOOD, Made.NOW.plusSeconds(600), Made.NOW.plusSeconds(6000)),
                Bytes.utf8("none"))) {
            assertFault(Fault.REVOCATION_UNKNOWN, () -> check(Trust.Policy.REQUIRED, List.of(), Optional.of(each)));
        }
        check(Trust.Policy.REQUIRED, List.of(), Optional.of(ocsp(named, CertificateStatus.GOOD, named)));
    }

    @Test
    void whatWasNotDeliveredIsFetchedOnceAndKept() throws Exception {
        shelf.answers.put("http://ocsp.example", ocsp(root, CertificateStatus.GOOD));
        Revocation revocation = new Revocation(shelf, CLOCK, List::of);
        check(revocation, Trust.Policy.REQUIRED, List.of(), Optional.empty());
        check(revocation, Trust.Policy.REQUIRED, List.of(), Optional.empty());
        assertThat(shelf.asked).containsExactly("http://ocsp.example");
    }

    /** RFC 4806: for peers that cannot ask themselves. */
    @Test
    void theOcspAnswerAboutOurOwnCertificateIsFetchedOnceAndOnlyGoodNewsIsShown() throws Exception {
        Bytes good = ocsp(root, CertificateStatus.GOOD);
        shelf.answers.put("http://ocsp.example", good);
        Revocation revocation = new Revocation(shelf, CLOCK, List::of);
        Verification verification = new Verification(CLOCK, revocation);
        Credential own = new Credential("own", end.pair.getPrivate(), List.of(end.certificate));
        assertThat(verification.statusOfOurs(own, List.of(root.certificate))).contains(good);
        assertThat(verification.statusOfOurs(own, List.of(root.certificate))).contains(good);
        assertThat(shelf.asked).containsExactly("http://ocsp.example");
        assertThat(verification.statusOfOurs(own, List.of()))
                .as("without the issuer nothing can be asked")
                .isEmpty();

        shelf.answers.put("http://ocsp.example", ocsp(root, revoked()));
        Verification fresh = new Verification(CLOCK, new Revocation(shelf, CLOCK, List::of));
        assertThat(fresh.statusOfOurs(own, List.of(root.certificate))).isEmpty();
    }

    @Test
    void whenTheResponderIsSilentTheListIsFetched() throws Exception {
        shelf.answers.put("http://crl.example/root.crl", goodCrl(end.certificate.getSerialNumber()));
        assertFault(Fault.REVOKED, () -> check(Trust.Policy.IF_POSSIBLE, List.of(), Optional.empty()));
        assertThat(shelf.asked).containsExactly("http://ocsp.example", "http://crl.example/root.crl");
    }

    @Test
    void silenceIsAnObstacleOnlyWhenThePolicySaysSo() throws Exception {
        check(Trust.Policy.IF_POSSIBLE, List.of(), Optional.empty());
        check(Trust.Policy.OFF, List.of(), Optional.empty());
        assertThatThrownBy(() -> check(Trust.Policy.REQUIRED, List.of(), Optional.empty()))
                .hasMessageContaining("http://ocsp.example does not answer");
    }

    /** CVE-2022-40617: whom nobody trusts cannot make us call anybody. */
    @Test
    void nobodyIsAskedAboutAnUntrustedCertificate() throws Exception {
        Made stranger = Made.authority("Root").selfSigned();
        Made lure = Made.end("peer")
                .with(Extension.cRLDistributionPoints, false, point("http://slow.example/x.crl"))
                .by(stranger);
        assertFault(
                Fault.CHAIN,
                () -> check(
                        new Revocation(shelf, CLOCK, List::of),
                        Trust.Policy.REQUIRED,
                        lure,
                        List.of(),
                        Optional.empty()));
        assertThat(shelf.asked).isEmpty();
    }

    @Test
    void onlyHttpIsAsked() throws Exception {
        for (String other : List.of("ldap://x/y", "file:///etc/passwd", "https://x/y", "HTTP://x", "ftp://x/y")) {
            Made odd = Made.end("p")
                    .with(Extension.cRLDistributionPoints, false, point(other))
                    .by(root);
            assertThat(Places.crls(odd.certificate)).as(other).isEmpty();
        }
    }

    @Test
    void ourOwnListsCount() throws Exception {
        Bytes list = goodCrl(end.certificate.getSerialNumber());
        Revocation revocation = new Revocation(Fetcher.NONE, CLOCK, () -> List.of(list));
        assertFault(Fault.REVOKED, () -> check(revocation, Trust.Policy.OFF, List.of(), Optional.empty()));
    }

    @Test
    void theNetworkIsReadWithinBounds() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] large = new byte[5_000];
        server.createContext("/large", exchange -> {
            exchange.sendResponseHeaders(200, large.length);
            exchange.getResponseBody().write(large);
            exchange.close();
        });
        server.createContext("/away", exchange -> {
            exchange.getResponseHeaders().add("Location", "https://elsewhere.example/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/silent", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
        });
        server.createContext("/echo", exchange -> {
            byte[] asked = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, asked.length);
            exchange.getResponseBody().write(asked);
            exchange.close();
        });
        server.start();
        String base = "http://127.0.0.1:" + server.getAddress().getPort();
        Duration within = Duration.ofSeconds(20);
        try (HttpFetcher fetcher = new HttpFetcher()) {
            assertThat(fetcher.fetch(base + "/large", Optional.empty(), 5_000, within)
                            .size())
                    .isEqualTo(5_000);
            assertThat(fetcher.fetch(base + "/echo", Optional.of(Bytes.utf8("q")), 10, within))
                    .isEqualTo(Bytes.utf8("q"));
            assertThatThrownBy(() -> fetcher.fetch(base + "/large", Optional.empty(), 4_999, within))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> fetcher.fetch(base + "/away", Optional.empty(), 4_999, within))
                    .hasMessageContaining("answers 302");
            assertThatThrownBy(() -> fetcher.fetch(base + "/silent", Optional.empty(), 10, Duration.ofMillis(300)))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> fetcher.fetch("file:///etc/passwd", Optional.empty(), 10, within))
                    .hasMessageContaining("allowed: http://");
        } finally {
            server.stop(0);
        }
    }
}
