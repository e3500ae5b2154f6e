package io.sallyport.pki;

/** A certificate, or what was signed with its key, is not good enough. The message is one line of detail for people. */
public final class CertificateRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final Fault fault;

    public CertificateRefused(Fault fault, String detail) {
        super(detail, null, false, false);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    /** What may be wrong. */
    public enum Fault {
        /** None came, or it cannot be read. */
        MISSING,
        /** It leads to nobody whom we trust. */
        CHAIN,
        /** Its time is over, or has not come. */
        EXPIRED,
        /** It is not that of the identity claimed. */
        NAME,
        /** It may not be used for this. */
        USAGE,
        /** Its issuer took it back. */
        REVOKED,
        /** Nobody could tell whether it was revoked, and the policy wants to know. */
        REVOCATION_UNKNOWN,
        /** The signature was not made with its key. */
        SIGNATURE,
        /** Its key or the algorithms are too weak. */
        WEAK
    }
}
