package io.sallyport.pki;

import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;

/** Alternative names as people write them: {@code gw.example.org}, {@code alice@example.org}, {@code 192.0.2.1}. */
public final class AlternativeNames {
    private static final Pattern MAIL = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}");

    private AlternativeNames() {}

    /** Reads them; {@code otherwise} stands for no name at all, when it is one. */
    static List<GeneralName> read(List<String> written, String otherwise) throws IOException {
        if (written.isEmpty()) {
            try {
                return List.of(read(otherwise));
            } catch (IOException e) {
                return List.of();
            }
        }
        List<GeneralName> out = new ArrayList<>();
        for (String each : written) {
            out.add(read(each));
        }
        return out;
    }

    private static GeneralName read(String text) throws IOException {
        if (MAIL.matcher(text).matches()) {
            return new GeneralName(GeneralName.rfc822Name, text);
        }
        try {
            return HostName.of(text).alternative();
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "found the name '" + Certificates.text(text)
                            + "'; allowed: a host name, an IP address, or user@host",
                    e);
        }
    }

    /** As they stand in the certificate. */
    public static List<String> texts(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all == null
                    ? List.of()
                    : all.stream().map(a -> String.valueOf(a.get(1))).toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
