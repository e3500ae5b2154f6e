package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeEvent.EapResult;
import io.sallyport.ike.PeerConfig;
import io.sallyport.wire.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who a peer has turned out to be.
 *
 * @param name of the peer: the config's, and of one of many clients {@code NAME#IDENTITY}
 * @param identity what it calls itself
 * @param how it proved itself, for people
 * @param sessionTimeout that the directory of users sets
 * @param framed addresses that the directory of users demands
 */
record Proven(
        PeerConfig config,
        String name,
        Identity identity,
        List<String> how,
        Optional<Duration> sessionTimeout,
        List<Address> framed) {
    /**
     * @param eap what an EAP method found; a client is then called as the user whom it proved, for its IDi may say
     *     anything
     */
    static Proven of(PeerConfig config, Identity identity, List<String> how, Optional<EapResult> eap) {
        String client = client(identity, eap);
        return new Proven(
                config,
                config.clients().isPresent() ? config.name() + "#" + client : config.name(),
                identity,
                List.copyOf(how),
                eap.flatMap(EapResult::sessionTimeout),
                eap.map(EapResult::framed).orElse(List.of()));
    }

    private static String client(Identity identity, Optional<EapResult> eap) {
        return eap.map(e -> Bytes.utf8(e.user()).printable()).orElse(identity.toString());
    }

    /** What the pool knows the client as. */
    String client() {
        return name.substring(Math.min(name.length(), config.name().length() + 1));
    }
}
