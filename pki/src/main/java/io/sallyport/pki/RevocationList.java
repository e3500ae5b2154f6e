package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;

/** The list of what an authority has revoked, {@code ca.crl} (RFC 5280 section 5). */
final class RevocationList {
    private static final Duration LIFE = Duration.ofDays(30);
    private static final String PUBLIC = "rw-r--r--";

    private final Path file;
    private final Clock clock;
    private final PrivateKey key;
    private final X509Certificate certificate;

    RevocationList(Path directory, Clock clock, PrivateKey key, X509Certificate certificate) {
        this.file = directory.resolve("ca.crl");
        this.clock = clock;
        this.key = key;
        this.certificate = certificate;
    }

    Path file() {
        return file;
    }

    boolean has(BigInteger serial) throws IOException {
        return entries().stream().anyMatch(e -> e.getSerialNumber().equals(serial));
    }

    private List<X509CRLEntry> entries() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return Crl.read(Bytes.wrap(Files.readAllBytes(file)))
                .orElseThrow(() -> new IOException(file + " cannot be read"))
                .entries();
    }

    /** Signs it anew, for another thirty days, with these besides. */
    void write(List<BigInteger> added, RevocationReason reason) throws IOException {
        try {
            X509v2CRLBuilder builder = new JcaX509v2CRLBuilder(certificate, Date.from(clock.instant()));
            builder.setNextUpdate(Date.from(clock.instant().plus(LIFE)));
            for (X509CRLEntry each : entries()) {
                builder.addCRLEntry(
                        each.getSerialNumber(),
                        each.getRevocationDate(),
                        RevocationReason.of(each.getRevocationReason()).code());
            }
            added.forEach(serial -> builder.addCRLEntry(serial, Date.from(clock.instant()), reason.code()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
            builder.addExtension(
                    Extension.cRLNumber,
                    false,
                    new CRLNumber(BigInteger.valueOf(clock.instant().toEpochMilli())));
            Pem.write(file, builder.build(Mint.signer(key)).getEncoded(), PUBLIC);
        } catch (GeneralSecurityException e) {
            throw new IOException("the list cannot be made: " + e.getMessage(), e);
        }
    }
}
