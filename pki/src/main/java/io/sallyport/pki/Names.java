package io.sallyport.pki;

import io.sallyport.base.Bytes;
import io.sallyport.pki.CertificateRefused.Fault;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * To whom a certificate is made out, and whether that is who the peer says it is (RFC 4945 section 3.1). A common name never
 * stands for a host, and a wildcard for nobody.
 */
public final class Names {
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    private Names() {}

    /**
     * Checks that the certificate is made out to the identity.
     *
     * @param type of the ID payload: 1, 2, 3, 5, 9 or 11 (RFC 7296 section 3.5)
     */
    static void bind(X509Certificate certificate, int type, Bytes identity) throws CertificateRefused {
        boolean fits = switch (type) {
            case 1, 5 -> alternatives(certificate, ADDRESS).stream().anyMatch(a -> isAddress(a, identity));
            case 2 -> alternatives(certificate, DNS).stream().anyMatch(a -> isText(a, identity));
            case 3 -> alternatives(certificate, EMAIL).stream().anyMatch(a -> isText(a, identity));
            case 9 -> isSubject(certificate, identity);
            case 11 ->
                Chains.subjectKey(certificate)
                        .map(k -> Arrays.equals(k, identity.toArray()))
                        .orElse(false);
            default -> false;
        };
        if (!fits) {
            throw new CertificateRefused(
                    Fault.NAME,
                    "the peer calls itself " + said(type, identity) + "; its certificate is made out to "
                            + written(certificate));
        }
    }

    /** The rule of a trust: a distinguished name, or the common name alone. */
    static void require(X509Certificate certificate, String subject) throws CertificateRefused {
        boolean fits;
        if (subject.contains("=")) {
            try {
                // People write it from either end.
                List<Rdn> written = new LdapName(subject).getRdns();
                X500Principal found = certificate.getSubjectX500Principal();
                fits = List.of(written, written.reversed()).stream()
                        .map(rdns -> new X500Principal(new LdapName(rdns).toString()))
                        .anyMatch(found::equals);
            } catch (InvalidNameException | IllegalArgumentException e) {
                throw new CertificateRefused(Fault.NAME, "the required subject '" + subject + "' is no subject");
            }
        } else {
            fits = commonName(certificate).map(subject::equals).orElse(false);
        }
        if (!fits) {
            throw new CertificateRefused(
                    Fault.NAME,
                    "the certificate's subject is '" + Certificates.subject(certificate) + "'; required: '" + subject
                            + "'");
        }
    }

    /** The one common name; empty when there is none or more than one. */
    public static Optional<String> commonName(X509Certificate certificate) {
        RDN[] names = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
                .getRDNs(BCStyle.CN);
        return names.length == 1
                ? Optional.of(IETFUtils.valueToString(names[0].getFirst().getValue()))
                        .map(Names::plain)
                : Optional.empty();
    }

    /** Without the backslashes of RFC 2253. */
    private static String plain(String escaped) {
        return escaped.replaceAll("\\\\(.)", "$1");
    }

    /** The certificate's own name for a user: of mail, of DNS, of Microsoft's UPN as others write it, or the common name. */
    public static List<String> users(X509Certificate certificate) {
        List<String> out = new ArrayList<>();
        out.addAll(alternatives(certificate, EMAIL));
        out.addAll(alternatives(certificate, DNS));
        commonName(certificate).ifPresent(out::add);
        out.add(certificate.getSubjectX500Principal().getName());
        return out;
    }

    private static List<String> alternatives(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all == null
                    ? List.of()
                    : all.stream()
                            .filter(a -> Integer.valueOf(kind).equals(a.getFirst()))
                            .map(a -> String.valueOf(a.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** Both are ASCII in the RFCs; anything else is compared as it is and is equal to itself only. */
    private static boolean isText(String alternative, Bytes identity) {
        return alternative.equalsIgnoreCase(new String(identity.toArray(), StandardCharsets.US_ASCII))
                && alternative.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static boolean isAddress(String alternative, Bytes identity) {
        try {
            return Arrays.equals(InetAddress.ofLiteral(alternative).getAddress(), identity.toArray());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isSubject(X509Certificate certificate, Bytes identity) {
        try {
            return new X500Principal(identity.toArray()).equals(certificate.getSubjectX500Principal());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String said(int type, Bytes identity) {
        String text = switch (type) {
            case 1, 5 -> address(identity);
            case 2, 3 -> identity.printable();
            case 9 -> subject(identity);
            case 11 -> "the key " + identity;
            default -> identity + " of type " + type + ", which no certificate can carry";
        };
        return Certificates.text("'" + text + "'");
    }

    private static String address(Bytes identity) {
        try {
            return InetAddress.getByAddress(identity.toArray()).getHostAddress();
        } catch (UnknownHostException e) {
            return identity.toString();
        }
    }

    private static String subject(Bytes identity) {
        try {
            return new X500Principal(identity.toArray()).getName();
        } catch (IllegalArgumentException e) {
            return identity.toString();
        }
    }

    private static String written(X509Certificate certificate) {
        List<String> names = new ArrayList<>(List.of(Certificates.subject(certificate)));
        for (int kind : new int[] {DNS, EMAIL, ADDRESS}) {
            names.addAll(alternatives(certificate, kind));
        }
        return Certificates.text("'" + String.join("', '", names) + "'");
    }
}
