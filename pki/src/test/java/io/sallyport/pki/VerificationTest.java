package io.sallyport.pki;

import static io.sallyport.pki.SigningTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.pki.CertificateRefused.Fault;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which chains are believed, for whom, and what each refusal is called. */
class VerificationTest {
    private static final Clock CLOCK = Clock.fixed(Made.NOW, ZoneOffset.UTC);
    private static final Verification VERIFICATION =
            new Verification(CLOCK, new Revocation(Fetcher.NONE, CLOCK, List::of));

    private static Made root;

    @BeforeAll
    static void makeARoot() throws Exception {
        root = Made.authority("Root").keyNamed().selfSigned();
    }

    private static Verification.Trusted chain(Trust trust, Made... sent) throws Exception {
        List<Bytes> der = new ArrayList<>();
        for (Made each : sent) {
            der.add(each.der());
        }
        return VERIFICATION.chain(trust, der, Use.IKE);
    }

    @Test
    void aCertificateOfATrustedRootIsBelieved() throws Exception {
        Made end = Made.end("peer").by(root);
        assertThat(chain(root.trust(), end).path()).containsExactly(end.certificate, root.certificate);
    }

    /** Only what never changes is remembered of a chain. */
    @Test
    void aChainThatWasBelievedBeforeIsStillRefusedWhenItEndsIsRevokedOrIsNotTrusted() throws Exception {
        Made end = Made.end("peer").by(root);
        List<Bytes> sent = List.of(end.der());
        AtomicReference<Instant> now = new AtomicReference<>(Made.NOW);
        InstantSource moving = now::get;
        Verification verification =
                new Verification(moving.withZone(ZoneOffset.UTC), new Revocation(Fetcher.NONE, CLOCK, List::of));
        verification.chain(root.trust(), sent, Use.IKE);
        verification.chain(root.trust(), sent, Use.IKE);
        Trust revoking = new Trust(
                "t",
                List.of(root.certificate),
                Optional.empty(),
                List.of(Digests.thumbprint(end.certificate)),
                Trust.Policy.OFF);
        assertFault(Fault.REVOKED, () -> verification.chain(revoking, sent, Use.IKE));
        Made other = Made.authority("Root").keyNamed().selfSigned();
        assertFault(Fault.CHAIN, () -> verification.chain(other.trust(), sent, Use.IKE));
        now.set(end.certificate.getNotAfter().toInstant().plusSeconds(1));
        assertFault(Fault.EXPIRED, () -> verification.chain(root.trust(), sent, Use.IKE));
    }

    @Test
    void authoritiesBetweenMayComeFromThePeerInAnyOrderOrFromTheTrust() throws Exception {
        Made upper = Made.authority("Upper").by(root);
        Made lower = Made.authority("Lower").by(upper);
        Made end = Made.end("peer").by(lower);
        assertThat(chain(root.trust(), end, upper, root, lower).path()).hasSize(4);
        Trust forgetful = new Trust(
                "t", List.of(root.certificate, upper.certificate), Optional.empty(), List.of(), Trust.Policy.OFF);
        assertThat(chain(forgetful, end, lower).path()).hasSize(4);
        assertFault(Fault.CHAIN, () -> chain(root.trust(), end, lower));
    }

    @Test
    void anAuthorityWithoutItsRootIsAnAnchorWhenNoRootIsNamed() throws Exception {
        Made upper = Made.authority("Upper").by(root);
        Made end = Made.end("peer").by(upper);
        assertThat(chain(upper.trust(), end).path()).hasSize(2);
    }

    @Test
    void aCertificateThatIsItselfTrustedNeedsNoAuthority() throws Exception {
        Made own = Made.end("peer").selfSigned();
        assertThat(chain(own.trust(), own).path()).hasSize(1);
        Made twin = Made.end("peer").selfSigned();
        assertFault(Fault.CHAIN, () -> chain(own.trust(), twin));
    }

    @Test
    void strangersAreNamedWithTheirIssuer() throws Exception {
        Made other = Made.authority("Root").selfSigned();
        Made end = Made.end("peer").by(other);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> chain(root.trust(), end))
                .hasMessageContaining("'CN=peer' was issued by 'CN=Root'");
        assertFault(Fault.CHAIN, () -> chain(root.trust(), end, other));
        Trust nobody = new Trust("t", List.of(), Optional.empty(), List.of(), Trust.Policy.OFF);
        assertFault(Fault.CHAIN, () -> chain(nobody, end));
    }

    @Test
    void aChainThatGoesInCirclesEnds() throws Exception {
        Made a = Made.authority("A").selfSigned();
        Made b = Made.authority("B").by(a);
        Made again = Made.authority("A").key(a.pair).by(b);
        Made end = Made.end("peer").by(b);
        assertFault(Fault.CHAIN, () -> chain(root.trust(), end, b, again, a));
    }

    @Test
    void aPathOfMoreThanEightIsNotFollowed() throws Exception {
        List<Made> line = new ArrayList<>(List.of(root));
        for (int i = 0; i < 8; i++) {
            line.add(Made.authority("L" + i).by(line.getLast()));
        }
        Made end = Made.end("peer").by(line.getLast());
        List<Made> sent = new ArrayList<>(List.of(end));
        sent.addAll(line.subList(1, 9));
        assertFault(Fault.CHAIN, () -> chain(root.trust(), sent.toArray(Made[]::new)));
        Made near = Made.end("peer").by(line.get(6));
        List<Made> fits = new ArrayList<>(List.of(near));
        fits.addAll(line.subList(1, 7));
        assertThat(chain(root.trust(), fits.toArray(Made[]::new)).path()).hasSize(8);
    }

    @Test
    void moreThanTenOrTooLargeOnesAreNotRead() throws Exception {
        Made end = Made.end("peer").by(root);
        Made[] many = new Made[11];
        java.util.Arrays.fill(many, end);
        assertFault(Fault.MISSING, () -> chain(root.trust(), many));
        assertFault(Fault.MISSING, () -> chain(root.trust()));
        assertFault(
                Fault.MISSING, () -> VERIFICATION.chain(root.trust(), List.of(Bytes.wrap(new byte[17_000])), Use.IKE));
        Bytes trailing = Bytes.concat(end.der(), Bytes.ofInts(0));
        assertFault(Fault.MISSING, () -> VERIFICATION.chain(root.trust(), List.of(trailing), Use.IKE));
    }

    @Test
    void whatIsOverOrHasNotComeIsRefused() throws Exception {
        Made over = Made.end("p")
                .valid(Made.NOW.minus(Duration.ofDays(9)), Made.NOW.minusSeconds(1))
                .by(root);
        assertFault(Fault.EXPIRED, () -> chain(root.trust(), over));
        Made early = Made.end("p")
                .valid(Made.NOW.plusSeconds(1), Made.NOW.plus(Duration.ofDays(9)))
                .by(root);
        assertFault(Fault.EXPIRED, () -> chain(root.trust(), early));
        Made oldRoot = Made.authority("Old")
                .valid(Made.NOW.minus(Duration.ofDays(9)), Made.NOW.minusSeconds(1))
                .selfSigned();
        Made young = Made.end("p").by(oldRoot);
        assertFault(Fault.EXPIRED, () -> chain(oldRoot.trust(), young));
    }

    @Test
    void onlyAuthoritiesIssue() throws Exception {
        Made impostor = Made.end("impostor").by(root);
        Made end = Made.end("peer").by(impostor);
        assertFault(Fault.USAGE, () -> chain(root.trust(), end, impostor));
        Made noSigner = Made.authority("X").usage(KeyUsage.digitalSignature).by(root);
        Made below = Made.end("peer").by(noSigner);
        assertFault(Fault.USAGE, () -> chain(root.trust(), below, noSigner));
        Made shallow = Made.authority("Shallow")
                .with(Extension.basicConstraints, true, new BasicConstraints(0))
                .selfSigned();
        Made between = Made.authority("Between").by(shallow);
        Made deep = Made.end("peer").by(between);
        assertFault(Fault.USAGE, () -> chain(shallow.trust(), deep, between));
    }

    @Test
    void keyUsagesMustFitAndMayBeAbsent() throws Exception {
        Made encipher = Made.end("p").usage(KeyUsage.keyEncipherment).by(root);
        assertFault(Fault.USAGE, () -> chain(root.trust(), encipher));
        for (KeyPurposeId fits : List.of(
                KeyPurposeId.id_kp_serverAuth,
                KeyPurposeId.id_kp_clientAuth,
                KeyPurposeId.id_kp_ipsecIKE,
                KeyPurposeId.anyExtendedKeyUsage)) {
            chain(root.trust(), Made.end("p").extended(fits).by(root));
        }
        Made mail = Made.end("p").extended(KeyPurposeId.id_kp_emailProtection).by(root);
        assertFault(Fault.USAGE, () -> chain(root.trust(), mail));
        Made server = Made.end("p").extended(KeyPurposeId.id_kp_serverAuth).by(root);
        assertFault(Fault.USAGE, () -> VERIFICATION.chain(root.trust(), List.of(server.der()), Use.TLS_CLIENT));
        VERIFICATION.chain(root.trust(), List.of(server.der()), Use.TLS_SERVER);
    }

    @Test
    void nameConstraintsHoldHoweverTheNameIsWritten() throws Exception {
        Made bounded = Made.authority("Bounded")
                .permitted(new GeneralName(GeneralName.dNSName, "example.org"))
                .selfSigned();
        for (String inside : List.of("gw.example.org", "GW.EXAMPLE.ORG", "gw.Example.Org")) {
            chain(
                    bounded.trust(),
                    Made.end("p")
                            .names(new GeneralName(GeneralName.dNSName, inside))
                            .by(bounded));
        }
        for (String outside : List.of("gw.example.com", "EXAMPLE.ORG.evil.net", "notexample.org")) {
            Made out = Made.end("p")
                    .names(new GeneralName(GeneralName.dNSName, outside))
                    .by(bounded);
            assertFault(Fault.USAGE, () -> chain(bounded.trust(), out));
        }
        Made without = Made.authority("Without")
                .excluded(new GeneralName(GeneralName.dNSName, "example.org"))
                .by(root);
        for (String outside : List.of("gw.example.org", "GW.eXample.ORG")) {
            Made out = Made.end("p")
                    .names(new GeneralName(GeneralName.dNSName, outside))
                    .by(without);
            assertFault(Fault.USAGE, () -> chain(root.trust(), out, without));
        }
    }

    @Test
    void criticalExtensionsThatNobodyUnderstandsAreRefused() throws Exception {
        Made odd = Made.end("p")
                .with(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), true, DERNull.INSTANCE)
                .by(root);
        assertFault(Fault.USAGE, () -> chain(root.trust(), odd));
    }

    @Test
    void weakKeysAndHashesAreRefusedBelowTheAnchor() throws Exception {
        Made small = Made.end("p").key(Made.rsa(1024)).by(root);
        assertFault(Fault.WEAK, () -> chain(root.trust(), small));
        Made rsaRoot = Made.authority("R")
                .key(Made.rsa(2048))
                .signedWith("SHA1withRSA")
                .selfSigned();
        chain(rsaRoot.trust(), Made.end("p").by(rsaRoot));
        for (String weak : List.of("SHA1withRSA", "MD5withRSA")) {
            Made end = Made.end("p").signedWith(weak).by(rsaRoot);
            assertFault(Fault.WEAK, () -> chain(rsaRoot.trust(), end));
        }
        Made koblitz = Made.end("p").key(Made.rsa(2048)).by(root);
        chain(root.trust(), koblitz);
    }

    /** CVE-2018-5388 and its kin: keys that are no keys. */
    @Test
    void rsaKeysThatCannotBeAreRefused() throws Exception {
        java.security.KeyFactory factory = java.security.KeyFactory.getInstance("RSA");
        java.math.BigInteger modulus =
                ((java.security.interfaces.RSAPublicKey) Made.rsa(2048).getPublic()).getModulus();
        for (String wrong : List.of("0", "1", "2", "65536")) {
            java.security.interfaces.RSAPublicKey odd = key(modulus, new java.math.BigInteger(wrong));
            assertThat(Keys.weakness(odd)).as(wrong).isPresent();
        }
        assertThat(Keys.weakness(key(modulus.clearBit(0), java.math.BigInteger.valueOf(65537))))
                .isPresent();
        assertThat(Keys.weakness(key(java.math.BigInteger.ONE.shiftLeft(16_000).setBit(0), java.math.BigInteger.TEN)))
                .isPresent();
        assertThat(Keys.weakness(factory.generatePublic(
                        new java.security.spec.RSAPublicKeySpec(modulus, java.math.BigInteger.valueOf(65537)))))
                .isEmpty();
    }

    private static java.security.interfaces.RSAPublicKey key(
            java.math.BigInteger modulus, java.math.BigInteger exponent) {
        return new java.security.interfaces.RSAPublicKey() {
            private static final long serialVersionUID = 1L;

            @Override
            public java.math.BigInteger getPublicExponent() {
                return exponent;
            }

            @Override
            public java.math.BigInteger getModulus() {
                return modulus;
            }

            @Override
            public String getAlgorithm() {
                return "RSA";
            }

            @Override
            public String getFormat() {
                return "none";
            }

            @Override
            public byte[] getEncoded() {
                return new byte[0];
            }
        };
    }

    @Test
    void aRevokedThumbprintEndsIt() throws Exception {
        Made end = Made.end("p").by(root);
        String thumbprint = Digests.thumbprint(end.certificate).toUpperCase(Locale.ROOT);
        Trust trust =
                new Trust("t", List.of(root.certificate), Optional.empty(), List.of(thumbprint), Trust.Policy.OFF);
        assertFault(Fault.REVOKED, () -> chain(trust, end));
    }

    @Test
    void theTrustMayDemandASubject() throws Exception {
        Made end = Made.end("Gate,O=Acme").by(root);
        for (String fits : List.of("Gate", "CN=Gate,O=Acme", "cn=gate, o=acme", "O=Acme,CN=Gate")) {
            chain(demanding(fits), end);
        }
        for (String wrong : List.of("gate", "Acme", "CN=Gate", "O=Acme", "CN=Gate,O=Acme,C=DE", "=", "*")) {
            assertFault(Fault.NAME, () -> chain(demanding(wrong), end));
        }
    }

    private static Trust demanding(String subject) {
        return new Trust("t", List.of(root.certificate), Optional.of(subject), List.of(), Trust.Policy.OFF);
    }

    @Test
    void anIdentityMustStandInTheCertificate() throws Exception {
        Made end = Made.end("peer.example")
                .keyNamed()
                .names(
                        new GeneralName(GeneralName.dNSName, "gw.example.org"),
                        new GeneralName(GeneralName.dNSName, "*.wild.example"),
                        new GeneralName(GeneralName.rfc822Name, "a@example.org"),
                        new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
                        new GeneralName(GeneralName.iPAddress, "2001:db8::1"))
                .by(root);
        Verification.Trusted trusted = chain(root.trust(), end);
        trusted.bind(2, Bytes.utf8("gw.example.org"));
        trusted.bind(2, Bytes.utf8("GW.Example.ORG"));
        trusted.bind(3, Bytes.utf8("a@example.org"));
        trusted.bind(1, Bytes.ofInts(192, 0, 2, 1));
        trusted.bind(5, Bytes.hex("20010db8000000000000000000000001"));
        trusted.bind(9, Bytes.wrap(end.certificate.getSubjectX500Principal().getEncoded()));
        trusted.bind(11, Bytes.wrap(Chains.subjectKey(end.certificate).orElseThrow()));
        assertFault(Fault.NAME, () -> trusted.bind(2, Bytes.utf8("peer.example")));
        assertFault(Fault.NAME, () -> trusted.bind(2, Bytes.utf8("host.wild.example")));
        assertFault(Fault.NAME, () -> trusted.bind(2, Bytes.utf8("gw.example.org\0.evil.net")));
        assertFault(Fault.NAME, () -> trusted.bind(2, Bytes.utf8("192.0.2.1")));
        assertFault(Fault.NAME, () -> trusted.bind(3, Bytes.utf8("gw.example.org")));
        assertFault(Fault.NAME, () -> trusted.bind(1, Bytes.ofInts(192, 0, 2, 2)));
        assertFault(Fault.NAME, () -> trusted.bind(1, Bytes.ofInts(192, 0, 2)));
        assertFault(Fault.NAME, () -> trusted.bind(9, Bytes.wrap(new X500Principal("CN=other").getEncoded())));
        assertFault(Fault.NAME, () -> trusted.bind(9, Bytes.utf8("CN=peer.example")));
        assertFault(Fault.NAME, () -> trusted.bind(11, Bytes.utf8("key")));
        assertFault(Fault.NAME, () -> trusted.bind(200, Bytes.EMPTY));
    }

    /** A signature over a certificate by a key of the same name is not that of the authority. */
    @Test
    void theAuthoritysNameAloneIsNotEnough() throws Exception {
        Made namesake = Made.authority("Root").selfSigned();
        Made end = Made.end("peer").by(namesake);
        assertFault(Fault.CHAIN, () -> chain(root.trust(), end, namesake));
    }

    @Test
    void everyBitOfACertificateCounts() throws Exception {
        Made end = Made.end("peer").by(root);
        byte[] der = end.der().toArray();
        // How many bits of the signature's last octet are unused says nothing: of those that are zero anyway, some may
        // be.
        int unusedBits = der.length - end.certificate.getSignature().length - 1;
        for (int at = 0; at < der.length; at++) {
            byte[] changed = der.clone();
            changed[at] ^= 0x04;
            if (at == unusedBits) {
                continue;
            }
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> VERIFICATION.chain(root.trust(), List.of(Bytes.wrap(changed)), Use.IKE))
                    .as("octet " + at)
                    .isInstanceOf(CertificateRefused.class);
        }
        X509Certificate same = chain(root.trust(), end).endEntity();
        assertThat(same).isEqualTo(end.certificate);
    }
}
