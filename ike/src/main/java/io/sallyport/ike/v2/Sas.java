package io.sallyport.ike.v2;

import io.sallyport.base.Entropy;
import io.sallyport.ike.Numbers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** All IKE SAs of an endpoint, and who owns what. */
final class Sas {
    private static final SequencedSet<IkeSa> NONE = Collections.unmodifiableSequencedSet(new LinkedHashSet<>());

    private final SequencedMap<Long, IkeSa> bySpi = new LinkedHashMap<>();
    private final SequencedMap<String, SequencedSet<IkeSa>> byPeer = new LinkedHashMap<>();
    private final SequencedMap<Long, IkeSa> byAsk = new LinkedHashMap<>();
    private final SequencedMap<Long, IkeSa> byChild = new LinkedHashMap<>();
    private final HalfOpen halfOpen = new HalfOpen();
    private final Numbers numbers;

    Sas(Numbers numbers) {
        this.numbers = numbers;
    }

    HalfOpen halfOpen() {
        return halfOpen;
    }

    Optional<IkeSa> bySpi(long ourSpi) {
        return Optional.ofNullable(bySpi.get(ourSpi));
    }

    Optional<IkeSa> byChild(long childId) {
        return Optional.ofNullable(byChild.get(childId));
    }

    /** Hands the question's owner over, once. */
    Optional<IkeSa> takeAsk(long ask) {
        return Optional.ofNullable(byAsk.remove(ask));
    }

    List<IkeSa> all() {
        return List.copyOf(bySpi.values());
    }

    List<IkeSa> ofPeer(String peer) {
        return List.copyOf(byPeer.getOrDefault(peer, NONE));
    }

    /** The IKE SA that stands for the peer now: established and not replaced. */
    Optional<IkeSa> standing(String peer) {
        return byPeer.getOrDefault(peer, NONE).stream()
                .filter(IkeSa::isEstablished)
                .findFirst();
    }

    void add(IkeSa sa) {
        bySpi.put(sa.ourSpi(), sa);
        byPeer.computeIfAbsent(sa.peer().name(), _ -> new LinkedHashSet<>()).add(sa);
    }

    void remove(IkeSa sa) {
        bySpi.remove(sa.ourSpi());
        leavePeer(sa, sa.peer().name());
        byAsk.values().removeIf(owner -> owner == sa);
        halfOpen.leave(sa);
    }

    /** The SA has proved to be of another peer than {@code before}. */
    void moved(IkeSa sa, String before) {
        String after = sa.peer().name();
        if (!after.equals(before) && bySpi.get(sa.ourSpi()) == sa) {
            leavePeer(sa, before);
            byPeer.computeIfAbsent(after, _ -> new LinkedHashSet<>()).add(sa);
        }
    }

    private void leavePeer(IkeSa sa, String peer) {
        SequencedSet<IkeSa> own = byPeer.get(peer);
        if (own != null && own.remove(sa) && own.isEmpty()) {
            byPeer.remove(peer);
        }
    }

    long newAsk(IkeSa sa) {
        long ask = numbers.newAsk();
        byAsk.put(ask, sa);
        return ask;
    }

    long newChildId() {
        return numbers.newChildId();
    }

    void own(long childId, IkeSa sa) {
        byChild.put(childId, sa);
    }

    void disown(long childId, int spi) {
        byChild.remove(childId);
        numbers.release(spi);
    }

    /** Never zero: RFC 7296 section 3.1. */
    long newIkeSpi(Entropy entropy) {
        long spi = entropy.nextLong();
        while (spi == 0 || bySpi.containsKey(spi)) {
            spi = entropy.nextLong();
        }
        return spi;
    }

    /** Held until {@link #release} or {@link #disown}. */
    int newChildSpi(Entropy entropy) {
        return numbers.newChildSpi(entropy);
    }

    void release(int spi) {
        numbers.release(spi);
    }
}
