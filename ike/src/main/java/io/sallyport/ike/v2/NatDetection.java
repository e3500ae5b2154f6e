package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.wire.Endpoint;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * NAT detection, RFC 7296 section 2.23.
 *
 * @param supported both ends sent the notifies
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

    /** The two notifies of a message that goes from {@code local} to {@code remote}. */
    static List<Payload.Notify> notifies(
            IkeKeys.Spis spis, Endpoint local, Endpoint remote, boolean feign, Entropy entropy) {
        // Section 2.23 allows a source hash that fits nothing: the peer then takes us for being behind a NAT.
        Bytes source = feign ? entropy.bytes(20) : hash(spis, local);
        return List.of(
                Payload.Notify.of(NotifyType.NAT_DETECTION_SOURCE_IP, source),
                Payload.Notify.of(NotifyType.NAT_DETECTION_DESTINATION_IP, hash(spis, remote)));
    }

    /** What a received message's notifies tell. */
    static NatDetection of(
            List<? extends Payload> payloads, IkeKeys.Spis spis, Endpoint local, Endpoint remote, boolean feigned) {
        List<Bytes> sources = hashes(payloads, NotifyType.NAT_DETECTION_SOURCE_IP);
        List<Bytes> destinations = hashes(payloads, NotifyType.NAT_DETECTION_DESTINATION_IP);
        if (sources.isEmpty() || destinations.isEmpty()) {
            return NONE;
        }
        return new NatDetection(
                true, !destinations.contains(hash(spis, local)), !sources.contains(hash(spis, remote)), feigned);
    }

    private static List<Bytes> hashes(List<? extends Payload> payloads, NotifyType type) {
        return Payloads.all(payloads, Payload.Notify.class).stream()
                .filter(n -> n.notifyType().equals(type))
                .map(Payload.Notify::data)
                .toList();
    }

    /** SHA-1 over SPIs, address and port. */
    private static Bytes hash(IkeKeys.Spis spis, Endpoint endpoint) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(spis.both().toArray());
            sha1.update(endpoint.address().toBytes().toArray());
            sha1.update((byte) (endpoint.port() >>> 8));
            sha1.update((byte) endpoint.port());
            return Bytes.wrap(sha1.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK lacks SHA-1", e);
        }
    }
}
