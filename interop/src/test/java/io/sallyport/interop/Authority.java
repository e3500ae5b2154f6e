package io.sallyport.interop;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.LabFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority made with OpenSSL, so that nothing of ours judges what is ours. */
final class Authority {
    private final Path directory;
    private final String name;

    private Authority(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /** A root; its key is of {@code algorithm}, as {@link #issue} has them. */
    static Authority root(Path directory, String name, String algorithm) {
        Authority ca = new Authority(directory, name);
        ca.prepare();
        ca.key(name, algorithm);
        ca.openssl(
                "req",
                "-x509",
                "-new",
                "-key",
                name + ".key",
                "-subj",
                "/O=Lab/CN=" + name,
                "-days",
                "30",
                "-out",
                name + ".pem",
                "-addext",
                "basicConstraints=critical,CA:TRUE",
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign");
        return ca;
    }

    /** An authority below this one. */
    Authority below(String other, String algorithm) {
        issue(other, algorithm, "", "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign");
        Authority ca = new Authority(directory, other);
        ca.prepare();
        return ca;
    }

    /**
     * A certificate with its key, good for a month.
     *
     * @param algorithm rsa2048, rsa3072, p256, p384, p521 or ed25519
     * @param san subjectAltName in OpenSSL's words, such as {@code DNS:branch.example}; empty: none
     * @param more further lines of its extensions
     */
    Issued issue(String leaf, String algorithm, String san, String... more) {
        return issue(leaf, algorithm, san, List.of(more), List.of("-days", "30"));
    }

    /** One whose time is over. */
    Issued expired(String leaf, String algorithm, String san) {
        return issue(
                leaf,
                algorithm,
                san,
                List.of(),
                List.of("-startdate", "20200101000000Z", "-enddate", "20210101000000Z"));
    }

    private Issued issue(String leaf, String algorithm, String san, List<String> more, List<String> validity) {
        key(leaf, algorithm);
        List<String> lines = new ArrayList<>(more);
        if (!san.isEmpty()) {
            lines.add("subjectAltName=" + san);
        }
        if (more.stream().noneMatch(l -> l.startsWith("basicConstraints"))) {
            lines.add("basicConstraints=CA:FALSE");
        }
        lines.add("subjectKeyIdentifier=hash");
        lines.add("authorityKeyIdentifier=keyid");
        write(leaf + ".ext", String.join("\n", lines) + "\n");
        openssl("req", "-new", "-key", leaf + ".key", "-subj", "/O=Lab/CN=" + leaf, "-out", leaf + ".csr");
        List<String> command = new ArrayList<>(List.of(
                "ca",
                "-batch",
                "-notext",
                "-config",
                name + ".conf",
                "-extfile",
                leaf + ".ext",
                "-in",
                leaf + ".csr",
                "-out",
                leaf + ".pem"));
        command.addAll(validity);
        openssl(command.toArray(String[]::new));
        return new Issued(directory.resolve(leaf + ".key"), directory.resolve(leaf + ".pem"));
    }

    void revoke(Issued issued) {
        openssl("ca", "-config", name + ".conf", "-revoke", issued.certificate.toString());
    }

    /** Its list of what it has revoked, DER. */
    Path crl() {
        openssl("ca", "-config", name + ".conf", "-gencrl", "-crldays", "7", "-out", name + ".crl.pem");
        openssl("crl", "-in", name + ".crl.pem", "-outform", "DER", "-out", name + ".crl");
        return directory.resolve(name + ".crl");
    }

    Path certificate() {
        return directory.resolve(name + ".pem");
    }

    /** As Azure's inboundAuthCertificateChain and publicCertData have it: Base64 of the DER. */
    String base64() {
        return base64(certificate());
    }

    static String base64(Path pem) {
        try {
            return Files.readString(pem)
                    .replaceAll("-----(BEGIN|END) CERTIFICATE-----", "")
                    .replaceAll("\\s", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A certificate with its private key. */
    record Issued(Path key, Path certificate) {
        /** Both in one file, as {@code pki/credentials/NAME.pem} of a data directory. */
        void installFor(Path dataDirectory, String as, Path... between) {
            try {
                Path to = dataDirectory.resolve("pki/credentials/" + as + ".pem");
                Files.createDirectories(to.getParent());
                StringBuilder all = new StringBuilder(Files.readString(key)).append(Files.readString(certificate));
                for (Path each : between) {
                    all.append(Files.readString(each));
                }
                Files.writeString(to, all);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void prepare() {
        write(name + ".index", "");
        write(name + ".conf", """
                [ca]
                default_ca = it
                [it]
                database = %1$s.index
                rand_serial = yes
                certificate = %1$s.pem
                private_key = %1$s.key
                new_certs_dir = .
                default_md = sha256
                policy = any
                unique_subject = no
                [any]
                organizationName = optional
                commonName = supplied
                """.formatted(name));
    }

    private void key(String of, String algorithm) {
        List<String> options = switch (algorithm.replaceAll("[0-9]", "")) {
            case "rsa" -> List.of("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + algorithm.substring(3));
            case "p" -> List.of("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-" + algorithm.substring(1));
            default -> List.of("-algorithm", algorithm);
        };
        List<String> command = new ArrayList<>(List.of("genpkey", "-out", of + ".key"));
        command.addAll(options);
        openssl(command.toArray(String[]::new));
    }

    private void write(String file, String text) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void openssl(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec openssl \"$@\"", directory.toString()));
        command.addAll(List.of(arguments));
        Commands.Finished finished = Commands.run(java.time.Duration.ofSeconds(30), command);
        if (!finished.ok()) {
            throw new LabFailure("openssl " + String.join(" ", arguments) + ":\n" + finished.output());
        }
    }
}
