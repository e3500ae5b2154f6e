package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Secret;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.EspSuite;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a quick mode has agreed upon, and the child that comes of it. */
final class ChildMaking {
    /**
     * @param pair what was asked for
     * @param taken what both ends take of it
     * @param peerSpi where the peer takes packets
     * @param peersLifetime what the peer's transform said
     */
    record Terms(Flow pair, Flow taken, EspSuite suite, int ourSpi, int peerSpi, Optional<Duration> peersLifetime) {}

    private ChildMaking() {}

    /** RFC 2409 section 5.5: each direction has keys of its own, made with the SPI of the end that receives. */
    static Child make(
            IkeSa sa,
            Terms terms,
            Bytes initiatorNonce,
            Bytes responderNonce,
            Optional<Secret> shared,
            boolean weBegan,
            Monotonic begun,
            Turn turn) {
        EspSuite suite = terms.suite;
        int encryption = suite.encryption().keyOctets() + suite.encryption().saltOctets();
        int integrity = suite.integrity().keyOctets();
        Bytes nonces = Bytes.concat(initiatorNonce, responderNonce);
        Bytes fresh = shared.map(s -> Bytes.wrap(s.expose())).orElse(Bytes.EMPTY);
        Keys.Keymat inbound = sa.keys().keymat(fresh, terms.ourSpi, nonces, encryption, integrity);
        Keys.Keymat outbound = sa.keys().keymat(fresh, terms.peerSpi, nonces, encryption, integrity);
        ChildConfig config = terms.pair.config();
        boolean udp = sa.nat().udp();
        ChildSa made = new ChildSa(
                turn.sas().newChildId(),
                sa.peer().name(),
                config.name(),
                terms.ourSpi,
                terms.peerSpi,
                suite.encryption(),
                suite.integrity(),
                false,
                inbound.encryption(),
                inbound.integrity(),
                outbound.encryption(),
                outbound.integrity(),
                List.of(terms.taken.local()),
                List.of(terms.taken.remote()),
                udp,
                udp ? sa.local() : sa.local().withPort(0),
                udp ? sa.remote() : sa.remote().withPort(0),
                config.replayWindow(),
                config.lifetimeBytes() / 10 * 8,
                config.lifetimeBytes());
        Duration lifetime = terms.peersLifetime
                .filter(d -> d.compareTo(config.lifetime()) < 0)
                .orElse(config.lifetime());
        Bytes lowest = initiatorNonce.compareTo(responderNonce) < 0 ? initiatorNonce : responderNonce;
        return new Child(
                made,
                terms.pair,
                weBegan,
                lowest,
                begun,
                weBegan ? Child.Phase.LIVE : Child.Phase.ANSWERED,
                turn.inMostOf(lifetime, weBegan),
                turn.now().in(lifetime));
    }
}
