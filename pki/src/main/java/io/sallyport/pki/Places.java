package io.sallyport.pki;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** Where a certificate says that its standing can be asked (RFC 5280 sections 4.2.1.13 and 4.2.2.1); HTTP only, few. */
final class Places {
    private static final int MOST = 3;
    private static final int LENGTH_MAX = 1_024;

    private Places() {}

    static List<String> crls(X509Certificate certificate) {
        try {
            byte[] encoded = certificate.getExtensionValue(Extension.cRLDistributionPoints.getId());
            if (encoded == null) {
                return List.of();
            }
            List<String> out = new ArrayList<>();
            for (DistributionPoint point : CRLDistPoint.getInstance(
                            ASN1OctetString.getInstance(encoded).getOctets())
                    .getDistributionPoints()) {
                // A point of another issuer, or for some reasons only, is not enough to call a certificate good.
                if (point.getCRLIssuer() == null
                        && point.getReasons() == null
                        && point.getDistributionPoint() != null) {
                    out.addAll(of(point.getDistributionPoint()));
                }
            }
            return out.stream().limit(MOST).toList();
        } catch (RuntimeException e) {
            return List.of();
        }
    }

    static List<String> of(DistributionPointName name) {
        List<String> out = new ArrayList<>();
        if (name.getType() == DistributionPointName.FULL_NAME) {
            for (GeneralName each : GeneralNames.getInstance(name.getName()).getNames()) {
                add(each, out);
            }
        }
        return out;
    }

    static List<String> ocsp(X509Certificate certificate) {
        try {
            byte[] encoded = certificate.getExtensionValue(Extension.authorityInfoAccess.getId());
            if (encoded == null) {
                return List.of();
            }
            List<String> out = new ArrayList<>();
            for (AccessDescription each : AuthorityInformationAccess.getInstance(
                            ASN1OctetString.getInstance(encoded).getOctets())
                    .getAccessDescriptions()) {
                if (each.getAccessMethod().equals(AccessDescription.id_ad_ocsp)) {
                    add(each.getAccessLocation(), out);
                }
            }
            return out.stream().limit(MOST).toList();
        } catch (RuntimeException e) {
            return List.of();
        }
    }

    private static void add(GeneralName name, List<String> out) {
        String text = name.getName().toString();
        if (name.getTagNo() == GeneralName.uniformResourceIdentifier
                && text.startsWith("http://")
                && text.length() <= LENGTH_MAX) {
            out.add(text);
        }
    }
}
