package io.sallyport.ike;

/**
 * Makes a {@link PeerConfig} one for many: every client that proves itself is a peer of its own, called
 * {@code NAME#IDENTITY}, and gets addresses.
 *
 * @param pool where its addresses come from; the shell knows what stands behind the name
 * @param perIdentity how many IKE SAs one identity may have at a time; the oldest makes room. 0: as many as come
 */
public record Clients(String pool, int perIdentity) {}
