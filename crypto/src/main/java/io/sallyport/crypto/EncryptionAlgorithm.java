package io.sallyport.crypto;

import java.util.Optional;

/**
 * Ciphers for IKE and ESP, a key length being part of the choice. Numbers are IANA's "IKEv2 Transform Type 1".
 * <p>AES-CBC RFC 3602, 3DES-CBC RFC 2451, AES-GCM RFC 4106 (ESP) and 5282 (IKE), ChaCha20-Poly1305 RFC 7634.
 */
public enum EncryptionAlgorithm {
    TRIPLE_DES_CBC("3DES-CBC", 3, 192, false, 0, 8, 8, 0),
    AES_CBC_128("AES-CBC-128", 12, 128, true, 0, 16, 16, 0),
    AES_CBC_192("AES-CBC-192", 12, 192, true, 0, 16, 16, 0),
    AES_CBC_256("AES-CBC-256", 12, 256, true, 0, 16, 16, 0),
    AES_GCM_16_128("AES-GCM-128", 20, 128, true, 4, 8, 1, 16),
    AES_GCM_16_192("AES-GCM-192", 20, 192, true, 4, 8, 1, 16),
    AES_GCM_16_256("AES-GCM-256", 20, 256, true, 4, 8, 1, 16),
    CHACHA20_POLY1305("ChaCha20-Poly1305", 28, 256, false, 4, 8, 1, 16);

    private final String label;
    private final int transformId;
    private final int keyBits;
    private final boolean keyLengthOnWire;
    private final int saltOctets;
    private final int ivOctets;
    private final int blockOctets;
    private final int icvOctets;

    EncryptionAlgorithm(
            String label,
            int transformId,
            int keyBits,
            boolean keyLengthOnWire,
            int saltOctets,
            int ivOctets,
            int blockOctets,
            int icvOctets) {
        this.label = label;
        this.transformId = transformId;
        this.keyBits = keyBits;
        this.keyLengthOnWire = keyLengthOnWire;
        this.saltOctets = saltOctets;
        this.ivOctets = ivOctets;
        this.blockOctets = blockOctets;
        this.icvOctets = icvOctets;
    }

    /** The cipher a transform names, or nothing when it is not one of these. */
    public static Optional<EncryptionAlgorithm> of(int transformId, Optional<Integer> keyLengthBits) {
        for (EncryptionAlgorithm a : values()) {
            boolean sameLength = a.keyLengthOnWire
                    ? keyLengthBits.isPresent() && keyLengthBits.get() == a.keyBits
                    : keyLengthBits.isEmpty();
            if (a.transformId == transformId && sameLength) {
                return Optional.of(a);
            }
        }
        return Optional.empty();
    }

    public int transformId() {
        return transformId;
    }

    /** Length of the key proper, without salt. */
    public int keyBits() {
        return keyBits;
    }

    public int keyOctets() {
        return keyBits / 8;
    }

    /** Whether the transform carries the Key Length attribute (RFC 7296 section 3.3.5). */
    public boolean keyLengthOnWire() {
        return keyLengthOnWire;
    }

    /** Octets taken from KEYMAT after the key (RFC 4106 section 8.1, RFC 7634 section 2). */
    public int saltOctets() {
        return saltOctets;
    }

    public int ivOctets() {
        return ivOctets;
    }

    /** Multiple to which the plaintext is padded by the cipher's own need; ESP asks for 4 besides. */
    public int blockOctets() {
        return blockOctets;
    }

    /** The tag of a combined-mode cipher; 0 where an integrity algorithm makes the ICV. */
    public int icvOctets() {
        return icvOctets;
    }

    /** Combined mode: encrypts and authenticates. */
    public boolean isAead() {
        return icvOctets > 0;
    }

    @Override
    public String toString() {
        return label;
    }
}
