package io.sallyport.pki;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where whoever sees a certificate of an authority can ask whether it was revoked. Kept beside the authority in
 * {@code ca.urls}, a line each: {@code crl URL} or {@code ocsp URL}.
 */
public record RevocationUrls(List<String> crl, List<String> ocsp) {
    public static final RevocationUrls NONE = new RevocationUrls(List.of(), List.of());

    private static final int MOST = 3;
    private static final int LENGTH_MAX = 1_024;

    public RevocationUrls {
        crl = List.copyOf(crl);
        ocsp = List.copyOf(ocsp);
    }

    /** @throws IOException names what cannot stand in a certificate */
    RevocationUrls checked() throws IOException {
        for (List<String> each : List.of(crl, ocsp)) {
            if (each.size() > MOST) {
                throw new IOException("found " + each.size() + " URLs of one kind; allowed: " + MOST);
            }
            for (String url : each) {
                check(url);
            }
        }
        return this;
    }

    /** RFC 5280 section 8: HTTPS would need what is to be learnt. */
    private static void check(String url) throws IOException {
        try {
            URI uri = new URI(url);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null && url.length() <= LENGTH_MAX) {
                return;
            }
        } catch (URISyntaxException e) {
            throw new IOException(refusal(url), e);
        }
        throw new IOException(refusal(url));
    }

    private static String refusal(String url) {
        return "found the URL '" + Certificates.text(url) + "'; allowed: http://HOST/PATH, without TLS";
    }

    static RevocationUrls read(Path directory) throws IOException {
        Path file = directory.resolve("ca.urls");
        if (!Files.exists(file)) {
            return NONE;
        }
        List<String> crl = new ArrayList<>();
        List<String> ocsp = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("crl ")) {
                crl.add(line.substring("crl ".length()).strip());
            } else if (line.startsWith("ocsp ")) {
                ocsp.add(line.substring("ocsp ".length()).strip());
            } else if (!line.isBlank()) {
                throw new IOException(
                        file + ": found '" + Certificates.text(line) + "'; allowed: crl URL or ocsp URL on each line");
            }
        }
        return new RevocationUrls(crl, ocsp).checked();
    }

    void write(Path directory) throws IOException {
        StringBuilder text = new StringBuilder();
        crl.forEach(u -> text.append("crl ").append(u).append('\n'));
        ocsp.forEach(u -> text.append("ocsp ").append(u).append('\n'));
        if (!text.isEmpty()) {
            Files.writeString(directory.resolve("ca.urls"), text);
        }
    }
}
