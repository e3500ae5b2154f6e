package io.sallyport.model;

import io.sallyport.base.Bytes;
import io.sallyport.model.document.Form;
import io.sallyport.model.document.Placed;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads {@code certificateAuthentication}, and certificates wherever they are written. */
final class CertificateProof {
    /** More would be no chain. */
    private static final int CHAIN_MAX = 10;

    private static final int OCTETS_MAX = 16_384;

    private CertificateProof() {}

    static Optional<Connection.Proof> read(Form form) {
        Optional<Placed<String>> credential =
                form.requiredParsed("outboundAuthCertificate", CertificateProof::credential);
        Optional<String> subject = form.requiredText("inboundAuthCertificateSubjectName");
        List<Placed<Bytes>> chain = form.parsedList("inboundAuthCertificateChain", CertificateProof::certificate);
        if (chain.isEmpty() || chain.size() > CHAIN_MAX) {
            form.wrong(
                    "inboundAuthCertificateChain",
                    "found " + chain.size() + " certificates; allowed: 1 to " + CHAIN_MAX);
        }
        form.finish();
        return credential.isEmpty() || subject.isEmpty() || chain.isEmpty()
                ? Optional.empty()
                : Optional.of(new Connection.Proof.Certificates(
                        credential.get().value(),
                        subject.get(),
                        chain.stream().map(Placed::value).toList()));
    }

    /** The name of a key and its chain; where Azure has the address of a secret in a Key Vault, its last name counts. */
    static String credential(String text) {
        String name = text;
        if (text.startsWith("https://")) {
            String[] parts = text.split("/", -1);
            // https://VAULT/secrets/NAME/VERSION or https://VAULT/certificates/NAME
            name = parts.length >= 5 ? parts[4] : "";
        }
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException("'" + text
                    + "'; allowed: the name of a certificate that sallyport pki lists, or the address of a secret whose"
                    + " last part is such a name");
        }
        return name;
    }

    /** DER in Base64, with or without the lines of PEM around it. */
    static Bytes certificate(String text) {
        String inner = text.replaceAll("-----(BEGIN|END) CERTIFICATE-----", "").replaceAll("\\s", "");
        try {
            byte[] octets = Base64.getDecoder().decode(inner);
            if (octets.length > 4 && octets.length <= OCTETS_MAX && octets[0] == 0x30) {
                return Bytes.wrap(octets);
            }
        } catch (IllegalArgumentException notBase64) {
            // Said below, without what was found: it may be a private key put there by mistake.
        }
        throw new IllegalArgumentException(
                "something else than a certificate in Base64 of at most " + OCTETS_MAX + " octets");
    }
}
