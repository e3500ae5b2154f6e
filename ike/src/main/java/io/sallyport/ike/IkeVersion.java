package io.sallyport.ike;

/** The two protocols that are called IKE. A peer is configured for one; neither ever falls back to the other. */
public enum IkeVersion {
    /** RFC 2409. */
    IKEV1(1),
    /** RFC 7296. */
    IKEV2(2);

    private final int major;

    IkeVersion(int major) {
        this.major = major;
    }

    /** The major version in the header. */
    public int major() {
        return major;
    }

    @Override
    public String toString() {
        return "IKEv" + major;
    }
}
