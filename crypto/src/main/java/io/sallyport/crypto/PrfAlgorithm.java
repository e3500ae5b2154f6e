package io.sallyport.crypto;

import java.util.Optional;

/** Pseudorandom functions, IANA's "IKEv2 Transform Type 2". RFC 7296 section 2.13, RFC 4868. */
public enum PrfAlgorithm {
    HMAC_SHA1("PRF-HMAC-SHA1", 2, 20, "HmacSHA1"),
    HMAC_SHA2_256("PRF-HMAC-SHA256", 5, 32, "HmacSHA256"),
    HMAC_SHA2_384("PRF-HMAC-SHA384", 6, 48, "HmacSHA384"),
    HMAC_SHA2_512("PRF-HMAC-SHA512", 7, 64, "HmacSHA512");

    private final String label;
    private final int transformId;
    private final int outputOctets;
    private final String jcaName;

    PrfAlgorithm(String label, int transformId, int outputOctets, String jcaName) {
        this.label = label;
        this.transformId = transformId;
        this.outputOctets = outputOctets;
        this.jcaName = jcaName;
    }

    public static Optional<PrfAlgorithm> of(int transformId) {
        for (PrfAlgorithm a : values()) {
            if (a.transformId == transformId) {
                return Optional.of(a);
            }
        }
        return Optional.empty();
    }

    public int transformId() {
        return transformId;
    }

    /** Length of the output, which is also the preferred key length. */
    public int outputOctets() {
        return outputOctets;
    }

    public String jcaName() {
        return jcaName;
    }

    @Override
    public String toString() {
        return label;
    }
}
