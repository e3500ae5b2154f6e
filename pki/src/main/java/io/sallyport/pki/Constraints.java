package io.sallyport.pki;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;

/** The names for which one of our authorities may vouch: each of its constraints is exactly one name. */
final class Constraints {
    private Constraints() {}

    /** Whether every name of {@code certificate} is among those that {@code authority} allows. */
    static boolean allow(X509Certificate authority, X509Certificate certificate) throws GeneralSecurityException {
        byte[] encoded = authority.getExtensionValue(Extension.nameConstraints.getId());
        if (encoded == null) {
            return true;
        }
        NameConstraints constraints =
                NameConstraints.getInstance(ASN1OctetString.getInstance(encoded).getOctets());
        Set<String> allowed = new HashSet<>();
        for (GeneralSubtree subtree : constraints.getPermittedSubtrees()) {
            allowed.add(text(subtree.getBase()));
        }
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names != null
                && names.stream()
                        .allMatch(n -> allowed.contains(
                                text(HostName.of(String.valueOf(n.get(1))).constraint())));
    }

    private static String text(GeneralName name) {
        return name.getTagNo() + " " + name.getName();
    }
}
