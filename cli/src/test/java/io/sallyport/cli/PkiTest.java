package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The life of certificates by commands. */
class PkiTest {
    @TempDir
    Path data;

    private String said = "";

    private int pki(String... words) {
        StringWriter text = new StringWriter();
        CommandLine commands = Sallyport.commands();
        commands.setOut(new PrintWriter(text));
        commands.setErr(new PrintWriter(text));
        List<String> all = new ArrayList<>(List.of("pki"));
        all.addAll(List.of(words));
        all.addAll(List.of("--data", data.toString()));
        int code = commands.execute(all.toArray(String[]::new));
        said = text.toString();
        return code;
    }

    private String permissions(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aCertificateLivesFromIssueToRevocation() throws Exception {
        assertThat(pki("init", "--name", "Lab VPN")).isZero();
        Path pki = data.resolve("pki");
        assertThat(permissions(pki.resolve("ca.key"))).isEqualTo("rw-------");
        assertThat(pki("issue", "gw", "--san", "gw.example.org", "--san", "203.0.113.10", "--gateway"))
                .as(said)
                .isZero();
        assertThat(pki("issue", "alice", "--client", "--days", "20", "--rsa")).isZero();
        assertThat(permissions(pki.resolve("credentials/gw.pem"))).isEqualTo("rw-------");
        assertThat(pki("list")).isZero();
        assertThat(said)
                .contains("(authority)  authority  CN=Lab VPN")
                .containsPattern("gw +gateway +gw.example.org, 203.0.113.10 +20..-..-.. +valid")
                .containsPattern("alice +client .*ends in (19|20) days; renew it");
        String before = Files.readString(pki.resolve("credentials/alice.pem"));
        assertThat(pki("renew", "alice")).as(said).isZero();
        assertThat(Files.readString(pki.resolve("credentials/alice.pem"))).isNotEqualTo(before);
        assertThat(pki("revoke", "alice", "--reason", "keyCompromise")).isZero();
        assertThat(said).contains("revoked 2 certificates of 'alice'");
        assertThat(pki("crl")).isZero();
        pki("list");
        assertThat(said).containsPattern("alice .* revoked");
        assertThat(pki("show", "gw")).isZero();
        assertThat(said)
                .contains("subject     CN=gw", "issuer      CN=Lab VPN", "names       gw.example.org, 203.0.113.10")
                .doesNotContain("PRIVATE");
    }

    @Test
    void theAuthorityInTheSafeVouchesForTheOneThatIssues() throws Exception {
        Path safe = data.resolve("safe");
        CommandLine commands = Sallyport.commands();
        assertThat(commands.execute("pki", "init", "--root", "--name", "Root", "--data", safe.toString()))
                .isZero();
        assertThat(pki("init", "--parent", safe.toString(), "--name", "vpn", "--crl-url", "http://pki.example/vpn.crl"))
                .as(said)
                .isZero();
        assertThat(said)
                .contains("whoever is to trust it is given " + safe.resolve("pki/ca.pem"))
                .contains("copy " + data.resolve("pki/ca.crl") + " to http://pki.example/vpn.crl");
        assertThat(pki("issue", "gw")).isZero();
        assertThat(pki("show", "gw")).isZero();
        assertThat(said)
                .contains("subject     CN=gw", "issuer      CN=vpn", "subject     CN=vpn", "issuer      CN=Root");
        assertThat(pki("init", "--root", "--parent", safe.toString())).isEqualTo(1);
        assertThat(said).contains("allowed: one of them");
    }

    @Test
    void keysTravelAsPkcs12AndPem() throws Exception {
        pki("init");
        pki("issue", "gw");
        Path password = Files.writeString(data.resolve("password"), "correct horse\n");
        for (String form : List.of("--p12", "--legacy-p12", "--pem")) {
            Path file = data.resolve(form.equals("--pem") ? "out.pem" : "out.p12");
            assertThat(pki("export", "gw", form, "--out", file.toString(), "--password-file", password.toString()))
                    .as(said)
                    .isZero();
            assertThat(permissions(file)).isEqualTo("rw-------");
            String name = "taken" + form;
            List<String> words = new ArrayList<>(List.of("import", file.toString(), "--name", name));
            if (!form.equals("--pem")) {
                words.addAll(List.of("--password-file", password.toString()));
            }
            assertThat(pki(words.toArray(String[]::new))).as(said).isZero();
            assertThat(said).contains("imported '" + name + "': CN=gw");
        }
        assertThat(said).doesNotContain("correct horse");
    }

    @Test
    void mistakesAreOneClearLine() throws Exception {
        assertThat(pki("issue", "gw")).isEqualTo(1);
        assertThat(said).contains("has no authority; sallyport pki init makes one");
        pki("init");
        assertThat(pki("init")).isEqualTo(1);
        assertThat(said).contains("has an authority already");
        pki("issue", "gw");
        assertThat(pki("issue", "gw")).isEqualTo(1);
        assertThat(said).contains("renew makes it anew");
        assertThat(pki("issue", "x", "--san", "*.example.org")).isEqualTo(1);
        assertThat(said).contains("allowed: a host name, an IP address, or user@host");
        assertThat(pki("issue", "../x")).isEqualTo(1);
        assertThat(pki("issue", "y", "--days", "0")).isEqualTo(1);
        assertThat(pki("revoke", "nobody")).isEqualTo(1);
        assertThat(said).contains("no valid certificate 'nobody'");
        assertThat(pki("show", "nobody")).isEqualTo(1);
        assertThat(pki("import", data.resolve("none.pem").toString(), "--name", "z"))
                .isEqualTo(1);
        assertThat(said).contains("does not exist");
        for (String line : said.strip().lines().toList()) {
            assertThat(line).startsWith("sallyport: ");
        }
    }
}
