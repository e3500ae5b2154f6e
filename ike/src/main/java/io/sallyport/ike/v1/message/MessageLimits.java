package io.sallyport.ike.v1.message;

/** Bounds of what is read; each is beyond what an honest peer sends. */
public final class MessageLimits {
    /** Of one chain. Windows sends some twenty vendor ids. */
    static final int PAYLOADS_MAX = 64;

    /** Of one SA payload. */
    static final int PROPOSALS_MAX = 64;

    /** Of one transform, or of one Attributes payload: a client asks for some thirty. */
    static final int ATTRIBUTES_MAX = 128;

    /** Of one Delete payload. */
    static final int DELETED_SPIS_MAX = 256;

    /** The two cookies. */
    static final int SPI_OCTETS_MAX = 16;

    /** RFC 2409 section 5: "The length of nonce payload MUST be between 8 and 256 bytes inclusive." */
    static final int NONCE_OCTETS_MIN = 8;

    static final int NONCE_OCTETS_MAX = 256;

    /** An identity longer than this is no name of anybody; a distinguished name fits. */
    static final int IDENTITY_OCTETS_MAX = 2048;

    /** Of SHA2-512. */
    static final int HASH_OCTETS_MAX = 64;

    /** RSA of 16,384 bits fits. */
    static final int SIGNATURE_OCTETS_MAX = 2048;

    /** Of one certificate or list of revoked ones. */
    static final int CERT_OCTETS_MAX = 16_384;

    /** MODP of 8,192 bits fits. */
    static final int KE_OCTETS_MAX = 1024;

    /** Of one message. */
    public static final int FRAGMENTS_MAX = 32;

    /** Of one reassembled message. */
    public static final int REASSEMBLED_OCTETS_MAX = 32_768;

    /** As in IKEv2: IPv6's least MTU of 1280, less 40 of IPv6, 8 of UDP and 4 of the non-ESP marker. */
    public static final int DATAGRAM_OCTETS_MAX = 1228;

    private MessageLimits() {}
}
