package io.sallyport.pki;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Locale;
import java.util.Optional;

/** Keys with their chains as files for elsewhere, and from elsewhere. */
public final class Bundles {
    private static final String SECRET = "rw-------";
    /** Has the JDK write as everybody did before 2022: RC2, triple DES and SHA-1, which Apple and old Windows demand. */
    private static final String LEGACY = "keystore.pkcs12.legacy";

    private Bundles() {}

    /** Writes PKCS#12, for its owner only. */
    public static void p12(Credential credential, Path file, char[] password, boolean legacy) throws IOException {
        String before = System.getProperty(LEGACY);
        try {
            if (legacy) {
                System.setProperty(LEGACY, "true");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    credential.name(),
                    credential.key(),
                    password,
                    credential.chain().toArray(Certificate[]::new));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, password);
            Pem.write(file, out.toByteArray(), SECRET);
        } catch (GeneralSecurityException e) {
            throw new IOException("the key cannot be written: " + e.getMessage(), e);
        } finally {
            if (legacy && before == null) {
                System.clearProperty(LEGACY);
            }
        }
    }

    /** Writes the key and the chain as PEM, for its owner only. */
    public static void pem(Credential credential, Path file) throws IOException {
        try {
            StringBuilder text = new StringBuilder(Pem.text(credential.key()));
            for (java.security.cert.X509Certificate each : credential.chain()) {
                text.append(Pem.text(each));
            }
            Pem.write(file, text.toString(), SECRET);
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * Takes a key and its chain from a file of PEM or PKCS#12 into {@code directory}.
     *
     * @param password opens it; absent: it needs none
     */
    public static Credential take(Path file, String name, Optional<char[]> password, Path directory)
            throws IOException {
        Authority.checkName(name);
        if (!Files.exists(file)) {
            throw new IOException(file + " does not exist");
        }
        try {
            String lower = file.toString().toLowerCase(Locale.ROOT);
            Credential read;
            if (lower.endsWith(".p12") || lower.endsWith(".pfx")) {
                read = Credentials.p12(
                        name,
                        file,
                        password.orElseThrow(() -> new NoCredential(file + " needs a password (--password-file)")));
            } else {
                PemFile pem = PemFile.read(file, password);
                read = Credentials.checked(
                        name,
                        pem.key().orElseThrow(() -> new NoCredential("no private key is in " + file)),
                        pem.certificates(),
                        file);
            }
            Authority.write(directory, read);
            return read;
        } catch (NoCredential e) {
            throw new IOException(e.detail(), e);
        } catch (GeneralSecurityException e) {
            throw new IOException("it cannot be written: " + e.getMessage(), e);
        }
    }
}
