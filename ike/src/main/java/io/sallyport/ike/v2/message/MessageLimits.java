package io.sallyport.ike.v2.message;

/** Bounds of what is read; each is beyond what an honest peer sends. */
final class MessageLimits {
    /** Of one chain, inside or outside of the protection. strongSwan with many vendor ids stays below 30. */
    static final int PAYLOADS_MAX = 64;

    /** Of one SA payload. Windows 7 clients send about 20. */
    static final int PROPOSALS_MAX = 64;

    /** Of one TS payload: the count field has 8 bits, policy-based peers use all of them. */
    static final int SELECTORS_MAX = 255;

    /** Of one Delete payload: an IKE SA never has more children than this. */
    static final int DELETED_SPIS_MAX = 256;

    /** RFC 7296 section 3.9: "the size of the Nonce Data MUST be between 16 and 256 octets, inclusive". */
    static final int NONCE_OCTETS_MIN = 16;

    static final int NONCE_OCTETS_MAX = 256;

    /** An identity longer than this is no name of anybody; a distinguished name fits. */
    static final int IDENTITY_OCTETS_MAX = 2048;

    /** The longest AUTH data is a signature; RSA of 16,384 bits fits. */
    static final int AUTH_OCTETS_MAX = 4096;

    /** Of one CERT payload; the longest are CRLs. */
    static final int CERTIFICATE_OCTETS_MAX = 49_152;

    /** Of one CERTREQ payload: 1024 authorities. Windows names all that it knows. */
    static final int AUTHORITIES_OCTETS_MAX = 20_480;

    /** Of one EAP packet. EAP-TLS sends up to 1.5 KB at a time, and RADIUS carries 4 KB at most. */
    static final int EAP_OCTETS_MAX = 8192;

    /** Of one CP payload: addresses, servers, subnets and domains. */
    static final int ATTRIBUTES_MAX = 256;

    /** RFC 7383 leaves it open; a message of 64 KiB in fragments of 1 KiB. */
    static final int FRAGMENTS_MAX = 64;

    /** Of one reassembled message. */
    static final int REASSEMBLED_OCTETS_MAX = 65_536;

    /**
     * What one IKE message may measure so that IPv6's least MTU of 1280 carries it: less 40 of IPv6, 8 of UDP and 4 of the
     * non-ESP marker.
     */
    static final int DATAGRAM_OCTETS_MAX = 1228;

    private MessageLimits() {}
}
