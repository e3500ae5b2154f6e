package io.sallyport.crypto;

import java.util.Optional;

/**
 * Diffie-Hellman groups, IANA's "IKEv2 Transform Type 4". MODP: RFC 2409 and 3526; 24: RFC 5114; ECP: RFC 5903;
 * Curve25519: RFC 8031.
 */
public enum KeyExchangeMethod {
    MODP_1024("MODP-1024 (group 2)", 2, 128, 80),
    MODP_2048("MODP-2048 (group 14)", 14, 256, 112),
    MODP_3072("MODP-3072 (group 15)", 15, 384, 128),
    MODP_4096("MODP-4096 (group 16)", 16, 512, 140),
    ECP_256("ECP-256 (group 19)", 19, 64, 128),
    ECP_384("ECP-384 (group 20)", 20, 96, 192),
    ECP_521("ECP-521 (group 21)", 21, 132, 256),
    MODP_2048_256("MODP-2048-256 (group 24)", 24, 256, 110),
    CURVE25519("Curve25519 (group 31)", 31, 32, 128);

    private final String label;
    private final int transformId;
    private final int publicOctets;
    private final int strengthBits;

    KeyExchangeMethod(String label, int transformId, int publicOctets, int strengthBits) {
        this.label = label;
        this.transformId = transformId;
        this.publicOctets = publicOctets;
        this.strengthBits = strengthBits;
    }

    public static Optional<KeyExchangeMethod> of(int transformId) {
        for (KeyExchangeMethod m : values()) {
            if (m.transformId == transformId) {
                return Optional.of(m);
            }
        }
        return Optional.empty();
    }

    public int transformId() {
        return transformId;
    }

    /** Exact length of a public value on the wire. */
    public int publicOctets() {
        return publicOctets;
    }

    /** Roughly comparable strength, for "the strongest common choice wins". */
    public int strengthBits() {
        return strengthBits;
    }

    @Override
    public String toString() {
        return label;
    }
}
