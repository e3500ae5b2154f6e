package io.sallyport.ike;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.wire.Endpoint;
import java.util.List;

/**
 * A negotiated pair of ESP SAs, all that the packet path needs. One SPI is ours, one the peer's.
 *
 * @param id unique within the process for its lifetime
 * @param peer the {@link PeerConfig#name()}
 * @param config the {@link ChildConfig#name()}
 * @param inboundSpi chosen by us, never 0..255
 * @param outboundSpi chosen by the peer
 * @param inboundKey encryption key, then salt; of a combined-mode cipher
 * @param inboundIntegrityKey empty for a combined-mode cipher
 * @param local selectors of our side, as narrowed
 * @param remote selectors of the peer's side, as narrowed
 * @param localEndpoint where encapsulated packets leave; port 0 for IP protocol 50
 * @param remoteEndpoint where they go
 * @param replayWindow packets; 0: off
 * @param softBytes octets in one direction after which a rekey is asked for; 0: no limit
 * @param hardBytes octets after which nothing more is carried; 0: no limit
 */
public record ChildSa(
        long id,
        String peer,
        String config,
        int inboundSpi,
        int outboundSpi,
        EncryptionAlgorithm encryption,
        IntegrityAlgorithm integrity,
        boolean esn,
        Secret inboundKey,
        Secret inboundIntegrityKey,
        Secret outboundKey,
        Secret outboundIntegrityKey,
        List<TrafficSelector> local,
        List<TrafficSelector> remote,
        boolean udpEncapsulated,
        Endpoint localEndpoint,
        Endpoint remoteEndpoint,
        int replayWindow,
        long softBytes,
        long hardBytes) {
    /** The same child under another peer's name. */
    public ChildSa of(String otherPeer) {
        return new ChildSa(
                id,
                otherPeer,
                config,
                inboundSpi,
                outboundSpi,
                encryption,
                integrity,
                esn,
                inboundKey,
                inboundIntegrityKey,
                outboundKey,
                outboundIntegrityKey,
                local,
                remote,
                udpEncapsulated,
                localEndpoint,
                remoteEndpoint,
                replayWindow,
                softBytes,
                hardBytes);
    }
}
