package io.sallyport.ike.v1;

import io.sallyport.base.Entropy;
import io.sallyport.ike.Numbers;
import io.sallyport.ike.PeerConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** All ISAKMP SAs of an endpoint, their peers with what they share, and who owns what. */
final class Sas {
    private static final SequencedSet<IkeSa> NONE = Collections.unmodifiableSequencedSet(new LinkedHashSet<>());

    private final SequencedMap<Long, IkeSa> byCookie = new LinkedHashMap<>();
    private final SequencedMap<String, SequencedSet<IkeSa>> byPeer = new LinkedHashMap<>();
    private final SequencedMap<String, Remote> remotes = new LinkedHashMap<>();
    private final SequencedMap<Long, IkeSa> byAsk = new LinkedHashMap<>();
    private final SequencedMap<Long, Remote> byChild = new LinkedHashMap<>();
    private final HalfOpen halfOpen = new HalfOpen();
    private final Credentials credentials = new Credentials();
    private final Authorities authorities = new Authorities();
    private final Numbers numbers;

    Sas(Numbers numbers) {
        this.numbers = numbers;
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

    Optional<IkeSa> byCookie(long ourCookie) {
        return Optional.ofNullable(byCookie.get(ourCookie));
    }

    List<IkeSa> all() {
        return List.copyOf(byCookie.values());
    }

    /** Those of the peer of this name, or of every client of the configuration of this name. */
    List<IkeSa> ofPeer(String name) {
        SequencedSet<IkeSa> own = byPeer.getOrDefault(name, NONE);
        if (!own.isEmpty()) {
            return List.copyOf(own);
        }
        List<IkeSa> clients = new ArrayList<>();
        for (IkeSa sa : byCookie.values()) {
            if (sa.peer().name().equals(name)) {
                clients.add(sa);
            }
        }
        return clients;
    }

    /** The ISAKMP SA that stands for the peer now: the newest of those that are established and not replaced. */
    Optional<IkeSa> standing(String name) {
        return byPeer.getOrDefault(name, NONE).reversed().stream()
                .filter(IkeSa::isEstablished)
                .findFirst();
    }

    /** One that can still carry a message to the peer. */
    Optional<IkeSa> usable(String name) {
        return standing(name)
                .or(() -> byPeer.getOrDefault(name, NONE).reversed().stream()
                        .filter(sa -> sa.state() == SaState.REPLACED)
                        .findFirst());
    }

    void add(IkeSa sa) {
        byCookie.put(sa.ourCookie(), sa);
        byPeer.computeIfAbsent(sa.name(), _ -> new LinkedHashSet<>()).add(sa);
    }

    void remove(IkeSa sa) {
        byCookie.remove(sa.ourCookie());
        leavePeer(sa, sa.name());
        byAsk.values().removeIf(owner -> owner == sa);
        halfOpen.leave(sa);
    }

    /** The SA has proved to be of another peer than {@code before}. */
    void moved(IkeSa sa, String before) {
        leavePeer(sa, before);
        byPeer.computeIfAbsent(sa.name(), _ -> new LinkedHashSet<>()).add(sa);
    }

    private void leavePeer(IkeSa sa, String name) {
        SequencedSet<IkeSa> own = byPeer.get(name);
        if (own != null && own.remove(sa) && own.isEmpty()) {
            byPeer.remove(name);
        }
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

    // Questions and children.

    long newAsk(IkeSa sa) {
        long ask = numbers.newAsk();
        byAsk.put(ask, sa);
        return ask;
    }

    long newAsk() {
        return numbers.newAsk();
    }

    /** Hands the question's owner over, once. */
    Optional<IkeSa> takeAsk(long ask) {
        return Optional.ofNullable(byAsk.remove(ask));
    }

    Optional<Remote> byChild(long childId) {
        return Optional.ofNullable(byChild.get(childId));
    }

    long newChildId() {
        return numbers.newChildId();
    }

    void own(long childId, Remote remote) {
        byChild.put(childId, remote);
    }

    void disown(long childId, int spi) {
        byChild.remove(childId);
        numbers.release(spi);
    }

    /** Never zero: RFC 2408 section 3.1 keeps that for "not known yet". */
    long newCookie(Entropy entropy) {
        long cookie = entropy.nextLong();
        while (cookie == 0 || byCookie.containsKey(cookie)) {
            cookie = entropy.nextLong();
        }
        return cookie;
    }

    /** Held until {@link #release} or {@link #disown}. */
    int newChildSpi(Entropy entropy) {
        return numbers.newChildSpi(entropy);
    }

    boolean isHeld(int spi) {
        return numbers.isHeld(spi);
    }

    void release(int spi) {
        numbers.release(spi);
    }
}
