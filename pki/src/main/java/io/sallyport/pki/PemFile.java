package io.sallyport.pki;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/**
 * What a person's PEM file holds (RFC 7468): keys of PKCS#8, PKCS#1 or SEC 1, and certificates.
 *
 * @param key the first
 */
record PemFile(Optional<PrivateKey> key, List<X509Certificate> certificates) {
    private static final int SIZE_MAX = 1 << 20;

    /**
     * Reads it.
     *
     * @param password for an encrypted key
     * @throws NoCredential with one clear line
     */
    static PemFile read(Path file, Optional<char[]> password) throws NoCredential {
        try {
            if (Files.size(file) > SIZE_MAX) {
                throw new NoCredential(file + " is larger than 1 MiB");
            }
            return read(Files.readString(file, StandardCharsets.ISO_8859_1), file.toString(), password);
        } catch (IOException e) {
            throw new NoCredential(file + " cannot be read: " + e.getMessage());
        }
    }

    static PemFile read(String text, String file, Optional<char[]> password) throws NoCredential {
        Optional<PrivateKey> key = Optional.empty();
        List<X509Certificate> certificates = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
                if (each instanceof X509CertificateHolder holder) {
                    certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
                } else if (key.isEmpty()) {
                    key = key(each, file, password);
                }
            }
        } catch (IOException | CertificateException | RuntimeException e) {
            throw new NoCredential(file + " holds something that is no key and no certificate");
        }
        return new PemFile(key, List.copyOf(certificates));
    }

    private static Optional<PrivateKey> key(Object object, String file, Optional<char[]> password)
            throws NoCredential, IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        if (object instanceof PrivateKeyInfo info) {
            return Optional.of(converter.getPrivateKey(info));
        }
        if (object instanceof PEMKeyPair pair) {
            return Optional.of(converter.getPrivateKey(pair.getPrivateKeyInfo()));
        }
        if (object instanceof PEMEncryptedKeyPair) {
            throw new NoCredential(file + " holds a key encrypted in OpenSSL's old way; allowed: PKCS#8 (openssl pkcs8"
                    + " -topk8 makes it)");
        }
        if (!(object instanceof PKCS8EncryptedPrivateKeyInfo encrypted)) {
            return Optional.empty();
        }
        char[] opens = password.orElseThrow(() -> new NoCredential(
                file + " holds an encrypted key, and no password; put it into a file beside it that ends in"
                        + " .password, mode 0600"));
        try {
            return Optional.of(converter.getPrivateKey(encrypted.decryptPrivateKeyInfo(decryptor(opens))));
        } catch (PKCSException | OperatorException e) {
            throw new NoCredential(file + " holds an encrypted key that the password does not open");
        }
    }

    /** The JDK has the ciphers of PKCS#8, but not under the names by which they are asked for here. */
    private static InputDecryptorProvider decryptor(char[] password) throws OperatorException {
        return new JceOpenSSLPKCS8DecryptorProviderBuilder()
                .setProvider(new BouncyCastleProvider())
                .build(password);
    }
}
