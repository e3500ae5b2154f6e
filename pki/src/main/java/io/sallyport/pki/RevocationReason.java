package io.sallyport.pki;

import java.security.cert.CRLReason;
import org.jspecify.annotations.Nullable;

/** Why a certificate was taken back (RFC 5280 section 5.3.1). Names are what people write. */
public enum RevocationReason {
    unspecified(0),
    keyCompromise(1),
    cACompromise(2),
    affiliationChanged(3),
    superseded(4),
    cessationOfOperation(5);

    private final int code;

    RevocationReason(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static RevocationReason of(@Nullable CRLReason reason) {
        return switch (reason) {
            case KEY_COMPROMISE -> keyCompromise;
            case CA_COMPROMISE -> cACompromise;
            case AFFILIATION_CHANGED -> affiliationChanged;
            case SUPERSEDED -> superseded;
            case CESSATION_OF_OPERATION -> cessationOfOperation;
            case null -> unspecified;
            // We write no others.
            case UNSPECIFIED, CERTIFICATE_HOLD, UNUSED, REMOVE_FROM_CRL, PRIVILEGE_WITHDRAWN, AA_COMPROMISE ->
                unspecified;
        };
    }
}
