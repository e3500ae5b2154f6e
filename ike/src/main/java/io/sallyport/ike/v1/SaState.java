package io.sallyport.ike.v1;

/** Where an ISAKMP SA stands. */
enum SaState {
    /** Phase 1: nobody has proven anything. */
    PROVING,
    /** The machines have proven themselves, the user has not yet (XAuth). */
    AUTHENTICATING,
    /** Addresses are being given. */
    CONFIGURING,
    /** It carries exchanges. */
    ESTABLISHED,
    /** A successor took over; it still answers. */
    REPLACED,
    /** Forgotten. */
    DEAD
}
