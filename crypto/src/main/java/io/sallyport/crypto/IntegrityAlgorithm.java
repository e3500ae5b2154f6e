package io.sallyport.crypto;

import java.util.Optional;

/** Integrity algorithms, IANA's "IKEv2 Transform Type 3". RFC 2404 and RFC 4868. */
public enum IntegrityAlgorithm {
    /** None of its own: the cipher is combined-mode. */
    NONE("none", 0, 0, 0, ""),
    HMAC_SHA1_96("HMAC-SHA1-96", 2, 20, 12, "HmacSHA1"),
    HMAC_SHA2_256_128("HMAC-SHA256-128", 12, 32, 16, "HmacSHA256"),
    HMAC_SHA2_384_192("HMAC-SHA384-192", 13, 48, 24, "HmacSHA384"),
    HMAC_SHA2_512_256("HMAC-SHA512-256", 14, 64, 32, "HmacSHA512");

    private final String label;
    private final int transformId;
    private final int keyOctets;
    private final int icvOctets;
    private final String jcaName;

    IntegrityAlgorithm(String label, int transformId, int keyOctets, int icvOctets, String jcaName) {
        this.label = label;
        this.transformId = transformId;
        this.keyOctets = keyOctets;
        this.icvOctets = icvOctets;
        this.jcaName = jcaName;
    }

    public static Optional<IntegrityAlgorithm> of(int transformId) {
        for (IntegrityAlgorithm a : values()) {
            if (a.transformId == transformId) {
                return Optional.of(a);
            }
        }
        return Optional.empty();
    }

    public int transformId() {
        return transformId;
    }

    public int keyOctets() {
        return keyOctets;
    }

    /** Length of the truncated tag. */
    public int icvOctets() {
        return icvOctets;
    }

    /** The JDK's name of the MAC. */
    public String jcaName() {
        return jcaName;
    }

    @Override
    public String toString() {
        return label;
    }
}
