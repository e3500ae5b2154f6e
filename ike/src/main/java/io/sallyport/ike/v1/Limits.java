package io.sallyport.ike.v1;

import java.time.Duration;

/** Bounds of the IKEv1 machine that no RFC sets, each with its reason. */
final class Limits {
    /** Half-open SAs there may be at all. IKEv1 has no cookies against floods: this is what bounds them. */
    static final int HALF_OPEN_MAX = 2048;

    /** Of one source address: a site behind one NAT has few gateways. */
    static final int HALF_OPEN_PER_SOURCE_MAX = 32;

    /** How long an initiator has from its first message to its proof. Longer than its own retransmissions last. */
    static final Duration HALF_OPEN = Duration.ofSeconds(30);

    /** How long a user has to type a password, when XAuth asks for one. */
    static final Duration USER = Duration.ofSeconds(60);

    /** First retransmission; then doubled up to the longest. */
    static final Duration RETRANSMIT_FIRST = Duration.ofMillis(500);

    static final Duration RETRANSMIT_LONGEST = Duration.ofSeconds(8);

    /** Of a message that awaits an answer: 0.5+1+2+4+8+8+8 s. */
    static final int ATTEMPTS_MAX = 7;

    /** Attempts before an unprotected refusal is believed, because no better answer came. */
    static final int ATTEMPTS_BEFORE_HINT = 3;

    /** How often one message is answered again: it may be a stranger who repeats it. */
    static final int REPEATS_MAX = 8;

    /** Attempts before silence may count as death, however short the timeout. */
    static final int DEAD_AFTER_ATTEMPTS = 3;

    /** How long an exchange that is over answers retransmissions. */
    static final Duration AFTERLIFE = Duration.ofSeconds(40);

    /** How long packets on a child that was replaced may still be on their way. */
    static final Duration CHILD_LINGER = Duration.ofSeconds(5);

    /**
     * How long a successor that we made is kept from sending, unless the peer is seen to use it before: our last message
     * may get lost, and most peers ask for it again within four seconds. Well below {@link #REPLACED_OWN}.
     */
    static final Duration HELD_BACK = Duration.ofSeconds(5);

    /** How long a replaced child or ISAKMP SA stays with the end that replaced it: the last message may get lost. */
    static final Duration REPLACED_OWN = Duration.ofSeconds(10);

    /** How long a child that the peer has replaced may stay, before we delete it: it may think that this is ours to do. */
    static final Duration CHILD_REPLACED_BY_PEER = Duration.ofSeconds(30);

    /** How long an ISAKMP SA that the peer has replaced may stay, before we delete it. */
    static final Duration REPLACED_BY_PEER = Duration.ofSeconds(60);

    /** RFC 3948 section 4: "default keepalive interval is 20 seconds". */
    static final Duration KEEPALIVE = Duration.ofSeconds(20);

    /** An unfinished message in fragments is forgotten: the peer retransmits all of them. */
    static final Duration FRAGMENTS = Duration.ofSeconds(15);

    /** Children of one peer, those being replaced included; policy-based peers use up to 100 pairs of selectors. */
    static final int CHILDREN_MAX = 256;

    /** Exchanges of one ISAKMP SA at a time, those included that only answer retransmissions. */
    static final int EXCHANGES_MAX = 512;

    /** Quick modes of the peer that are unfinished: more at a time are answered when it retransmits. */
    static final int UNFINISHED_MAX = 32;

    /** Message ids remembered, so that none is used twice. */
    static final int MESSAGE_IDS_MAX = 512;

    /** Own exchanges waiting for their turn. */
    static final int QUEUE_MAX = 512;

    /** First retry of a refused child, then doubled up to the longest. */
    static final Duration CHILD_RETRY_FIRST = Duration.ofSeconds(2);

    /** The same for the end that leaves it to the other to ask: that one may have forgotten that it is to. */
    static final Duration CHILD_RETRY_OTHER = Duration.ofSeconds(15);

    static final Duration CHILD_RETRY_LONGEST = Duration.ofMinutes(5);

    /** Retry of a rekey, spread over twice this: short because the lifetime is running. */
    static final Duration REKEY_RETRY = Duration.ofSeconds(10);

    /** Peers that may be behind one first message of a main mode with a shared key: each costs a few hashes. */
    static final int CANDIDATES_MAX = 16;

    static final int IKE_PORT = 500;
    static final int NAT_PORT = 4500;

    private Limits() {}
}
