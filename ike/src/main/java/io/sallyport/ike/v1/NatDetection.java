package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.crypto.Hash;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.Payloads;
import io.sallyport.wire.Endpoint;
import java.util.List;

/**
 * NAT detection, RFC 3947 section 3.
 *
 * @param supported both ends sent the hashes
 * @param local we are behind a NAT
 * @param remote the peer is, or feigns to be
 * @param feigned we feigned to be
 */
record NatDetection(boolean supported, boolean local, boolean remote, boolean feigned) {
    static final NatDetection NONE = new NatDetection(false, false, false, false);

    /** Whether ESP travels in UDP and IKE on port 4500. */
    boolean udp() {
        return supported && (local || remote || feigned);
    }

    /** The payloads of a message that goes from {@code local} to {@code remote}; the first is about where it goes. */
    static List<Payload> payloads(
            boolean draft,
            PrfAlgorithm prf,
            Spis spis,
            Endpoint local,
            Endpoint remote,
            boolean feign,
            Entropy entropy) {
        Bytes own = hash(prf, spis, local);
        // A hash of our own address that fits nothing: the peer then takes us for being behind a NAT.
        return List.of(
                new Payload.NatD(draft, hash(prf, spis, remote)),
                new Payload.NatD(draft, feign ? entropy.bytes(own.size()) : own));
    }

    /** What a received message's payloads tell. */
    static NatDetection of(
            List<Payload> payloads, PrfAlgorithm prf, Spis spis, Endpoint local, Endpoint remote, boolean feigned) {
        List<Bytes> hashes = Payloads.all(payloads, Payload.NatD.class).stream()
                .map(Payload.NatD::hash)
                .toList();
        if (hashes.size() < 2) {
            return NONE;
        }
        boolean weAreBehind = !hashes.getFirst().equals(hash(prf, spis, local));
        boolean peerIsBehind = !hashes.subList(1, hashes.size()).contains(hash(prf, spis, remote));
        return new NatDetection(true, weAreBehind, peerIsBehind, feigned);
    }

    /** RFC 3947 section 3.2: HASH(CKY-I | CKY-R | IP | Port), with the hash that phase 1 negotiated. */
    private static Bytes hash(PrfAlgorithm prf, Spis spis, Endpoint endpoint) {
        return Hash.of(
                prf,
                spis.both(),
                endpoint.address().toBytes(),
                Bytes.ofInts(endpoint.port() >>> 8, endpoint.port() & 0xff));
    }
}
