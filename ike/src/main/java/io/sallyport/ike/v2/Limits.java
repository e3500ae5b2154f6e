package io.sallyport.ike.v2;

import java.time.Duration;

/** Bounds of the IKE machine that no RFC sets, each with its reason. */
final class Limits {
    /** Half-open SAs from which on cookies are demanded of everybody. A burst of honest peers stays below it. */
    static final int COOKIES_FROM_HALF_OPEN = 64;

    /** The same per source address: a site behind one NAT has few gateways. */
    static final int COOKIES_FROM_HALF_OPEN_PER_SOURCE = 8;

    /** Half-open SAs there may be at all; each holds some 4 KiB. */
    static final int HALF_OPEN_MAX = 4096;

    /** Half-open SAs of one source address, cookies or not. */
    static final int HALF_OPEN_PER_SOURCE_MAX = 128;

    /** How long an initiator has from IKE_SA_INIT to a proof. Longer than its own retransmissions last. */
    static final Duration HALF_OPEN = Duration.ofSeconds(30);

    /** How long each further step of IKE_AUTH may take: EAP asks servers far away, and people who type. */
    static final Duration AUTH_STEP = Duration.ofSeconds(60);

    /** How long all proofs together may take. */
    static final Duration AUTH_LONGEST = Duration.ofMinutes(2);

    /** Packets of one EAP method in one direction; EAP-TLS with a long chain takes some 20. */
    static final int EAP_ROUNDS_MAX = 64;

    /** Trusts of different peers on one address whose authorities one CERTREQ names. */
    static final int TRUSTS_MAX = 8;

    /** Authorities that one CERTREQ names: 4 KB. */
    static final int AUTHORITIES_MAX = 200;

    /** Attributes of one CFG_REPLY; as many as we would read. */
    static final int ATTRIBUTES_MAX = 256;

    /** Whoever asks for new proofs more often than this gets them no faster. */
    static final Duration PROOFS_SHORTEST = Duration.ofSeconds(30);

    /** A cookie secret is good for one to two of these. */
    static final Duration COOKIE_SECRET = Duration.ofSeconds(60);

    /** Cookies and groups an initiator lets itself be sent back for, before it gives up. */
    static final int INIT_RESTARTS_MAX = 6;

    /** First retransmission; then doubled up to the longest. RFC 7296 section 2.4 leaves it to us. */
    static final Duration RETRANSMIT_FIRST = Duration.ofMillis(500);

    static final Duration RETRANSMIT_LONGEST = Duration.ofSeconds(8);

    /** Of an IKE_SA_INIT or IKE_AUTH: 0.5+1+2+4+8+8+8 s, then the peer counts as absent. */
    static final int HANDSHAKE_ATTEMPTS_MAX = 7;

    /** Of a request to a peer that is otherwise alive: an unanswered exchange blocks all others. */
    static final int REQUEST_ATTEMPTS_MAX = 12;

    /** Of the last word to a peer; it will notice by itself otherwise. */
    static final int DELETE_ATTEMPTS_MAX = 5;

    /** Attempts before silence may count as death, however short the timeout. */
    static final int DEAD_AFTER_ATTEMPTS = 3;

    /** How long an SA that is over answers retransmissions. */
    static final Duration AFTERLIFE = Duration.ofSeconds(20);

    /** How long packets on a child that was replaced may still be on their way. */
    static final Duration CHILD_LINGER = Duration.ofSeconds(5);

    /** How long the one who must delete a replaced SA has, before the other does. */
    static final Duration REPLACED_WAIT = Duration.ofSeconds(60);

    /** RFC 3948 section 4: "default keepalive interval is 20 seconds". */
    static final Duration KEEPALIVE = Duration.ofSeconds(20);

    /** An unfinished message in fragments is forgotten: the peer retransmits all of them. */
    static final Duration FRAGMENTS = Duration.ofSeconds(15);

    /** Children of one IKE SA; Azure's policy-based peers use up to 100 pairs of selectors. */
    static final int CHILDREN_MAX = 128;

    /** First retry of a refused child, then doubled up to the longest. */
    static final Duration CHILD_RETRY_FIRST = Duration.ofSeconds(2);

    static final Duration CHILD_RETRY_LONGEST = Duration.ofMinutes(5);

    /** Retry of a rekey, spread over twice this: short because the lifetime is running. */
    static final Duration REKEY_RETRY = Duration.ofSeconds(10);

    /** Own exchanges waiting for the window. */
    static final int QUEUE_MAX = 512;

    /** Addresses of a mobile peer that are kept for when it falls silent. */
    static final int OTHER_ADDRESSES_MAX = 8;

    /** Answers per second to messages of IKE SAs that nobody knows. */
    static final int STRANGERS_PER_SECOND = 10;

    /** Least time between two INVALID_SPI notifies to one peer. */
    static final Duration INVALID_SPI_PAUSE = Duration.ofSeconds(10);

    static final int IKE_PORT = 500;
    static final int NAT_PORT = 4500;

    private Limits() {}
}
