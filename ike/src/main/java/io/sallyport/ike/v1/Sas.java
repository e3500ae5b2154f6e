package io.sallyport.ike.v1;

import io.sallyport.ike.Numbers;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.machine.Roster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** All ISAKMP SAs of an endpoint, their peers with what they share, and who owns what. */
final class Sas extends Roster<IkeSa, Remote> {
    private final SequencedMap<String, Remote> remotes = new LinkedHashMap<>();
    private final HalfOpen halfOpen = new HalfOpen();
    private final Credentials credentials = new Credentials();
    private final Authorities authorities = new Authorities();

    Sas(Numbers numbers) {
        super(numbers);
    }

    @Override
    protected long spi(IkeSa sa) {
        return sa.ourCookie();
    }

    @Override
    protected String name(IkeSa sa) {
        return sa.name();
    }

    @Override
    protected String config(IkeSa sa) {
        return sa.peer().name();
    }

    @Override
    protected boolean isEstablished(IkeSa sa) {
        return sa.isEstablished();
    }

    @Override
    public void remove(IkeSa sa) {
        super.remove(sa);
        halfOpen.leave(sa);
    }

    HalfOpen halfOpen() {
        return halfOpen;
    }

    Credentials credentials() {
        return credentials;
    }

    Authorities authorities() {
        return authorities;
    }

    /** Those of the peer of this name, or of every client of the configuration of this name. */
    List<IkeSa> called(String name) {
        List<IkeSa> own = ofPeer(name);
        return own.isEmpty() ? ofConfig(name) : own;
    }

    /** One that can still carry a message to the peer. */
    Optional<IkeSa> usable(String name) {
        return standing(name)
                .or(() -> newest(name)
                        .filter(sa -> sa.state() == SaState.REPLACED)
                        .findFirst());
    }

    // What the SAs of one peer share.

    Remote remote(String name, PeerConfig peer) {
        return remotes.computeIfAbsent(name, _ -> new Remote(name, peer));
    }

    Optional<Remote> remote(String name) {
        return Optional.ofNullable(remotes.get(name));
    }

    void forget(Remote remote) {
        remotes.remove(remote.name());
    }
}
