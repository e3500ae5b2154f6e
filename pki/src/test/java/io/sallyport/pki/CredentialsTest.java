package io.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and chains from files, and what is said of files that will not do. */
class CredentialsTest {
    @TempDir
    Path directory;

    private Credentials credentials;
    private Made root;
    private Made end;

    @BeforeEach
    void make() throws Exception {
        credentials = new Credentials(directory, Clock.fixed(Made.NOW, ZoneOffset.UTC));
        root = Made.authority("Root").selfSigned();
        end = Made.end("gw").by(root);
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }

    private static String pem(Made made) throws Exception {
        return pem("CERTIFICATE", made.certificate.getEncoded());
    }

    private static String key(KeyPair pair) {
        return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private void refused(String name, String message) {
        assertThatThrownBy(() -> credentials.named(name))
                .isInstanceOf(NoCredential.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void oneFileMayHoldKeyAndChainInAnyOrder() throws Exception {
        write("gw.pem", pem(root) + key(end.pair) + pem(end));
        Credential read = credentials.named("gw");
        assertThat(read.chain()).containsExactly(end.certificate, root.certificate);
        assertThat(read.sent()).containsExactly(end.der());
        assertThat(read.toString()).isEqualTo("Credential[gw, CN=gw]");
        assertThat(credentials.names()).containsExactly("gw");
    }

    @Test
    void keyAndChainMayLieInTwoFiles() throws Exception {
        write("gw.key", key(end.pair));
        write("gw.pem", pem(end));
        assertThat(credentials.named("gw").chain()).containsExactly(end.certificate);
    }

    @Test
    void aPkcs12FileOpensWithItsPassword() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "x", end.pair.getPrivate(), "s3cret".toCharArray(), new Certificate[] {end.certificate, root.certificate
                });
        try (OutputStream out = Files.newOutputStream(directory.resolve("gw.p12"))) {
            store.store(out, "s3cret".toCharArray());
        }
        refused("gw", "has no password");
        write("gw.password", "s3cret\n");
        refused("gw", "can be used by others");
        Files.setPosixFilePermissions(directory.resolve("gw.password"), PosixFilePermissions.fromString("rw-------"));
        assertThat(credentials.named("gw").chain()).hasSize(2);
        write("gw.password", "wrong");
        refused("gw", "wrong password");
    }

    @Test
    void anEncryptedKeyOpensWithItsPassword() throws Exception {
        var encryptor = new JceOpenSSLPKCS8EncryptorBuilder(
                        new org.bouncycastle.asn1.ASN1ObjectIdentifier("2.16.840.1.101.3.4.1.42"))
                .setProvider(new org.bouncycastle.jce.provider.BouncyCastleProvider())
                .setPassword("open".toCharArray())
                .build();
        java.io.StringWriter text = new java.io.StringWriter();
        try (PemWriter out = new PemWriter(text)) {
            out.writeObject(new JcaPKCS8Generator(end.pair.getPrivate(), encryptor).generate());
        }
        write("gw.pem", pem(end) + text);
        refused("gw", "encrypted key, and no password");
        write("gw.password", "open");
        Files.setPosixFilePermissions(directory.resolve("gw.password"), PosixFilePermissions.fromString("rw-------"));
        assertThat(credentials.named("gw").certificate()).isEqualTo(end.certificate);
        write("gw.password", "shut");
        refused("gw", "does not open");
    }

    @Test
    void filesThatWillNotDoAreNamed() throws Exception {
        refused("gw", "neither");
        refused("../../etc/passwd", "allowed:");
        write("gw.pem", pem(end));
        refused("gw", "no private key is in");
        write("gw.pem", key(end.pair));
        refused("gw", "no certificate is in");
        write("gw.pem", key(root.pair) + pem(end));
        refused("gw", "does not belong to the certificate of 'CN=gw'");
        write("gw.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        refused("gw", "no key and no certificate");
        Made weak = Made.end("gw").key(Made.rsa(1024)).selfSigned();
        write("gw.pem", key(weak.pair) + pem(weak));
        refused("gw", "too weak");
    }

    @Test
    void aChangedFileIsReadAgain() throws Exception {
        write("gw.pem", key(end.pair) + pem(end));
        Credential first = credentials.named("gw");
        assertThat(credentials.named("gw")).isSameAs(first);
        Made other = Made.end("gw2").by(root);
        write("gw.new", key(other.pair) + pem(other));
        Files.move(
                directory.resolve("gw.new"),
                directory.resolve("gw.pem"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(credentials.named("gw").certificate()).isEqualTo(other.certificate);
    }

    @Test
    void keysOfOpensslAreRead() throws Exception {
        KeyPair rsa = Made.rsa(2048);
        Made made = Made.end("gw").key(rsa).selfSigned();
        var info = org.bouncycastle.asn1.pkcs.PrivateKeyInfo.getInstance(
                rsa.getPrivate().getEncoded());
        write(
                "gw.pem",
                pem("RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded()) + pem(made));
        assertThat(credentials.named("gw").key()).isEqualTo(rsa.getPrivate());
        var ec = org.bouncycastle.asn1.pkcs.PrivateKeyInfo.getInstance(
                end.pair.getPrivate().getEncoded());
        var sec1 = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(ec.parsePrivateKey());
        var whole = new org.bouncycastle.asn1.sec.ECPrivateKey(
                256, sec1.getKey(), ec.getPrivateKeyAlgorithm().getParameters());
        write("ec.pem", pem("EC PRIVATE KEY", whole.getEncoded()) + pem(end));
        assertThat(credentials.named("ec").certificate()).isEqualTo(end.certificate);
    }
}
