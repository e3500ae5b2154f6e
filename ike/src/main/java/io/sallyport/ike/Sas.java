package io.sallyport.ike;

import io.sallyport.base.Entropy;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** All IKE SAs of an endpoint, and who owns what. */
final class Sas {
    private final SequencedMap<Long, IkeSa> bySpi = new LinkedHashMap<>();
    private final SequencedMap<Long, IkeSa> byAsk = new LinkedHashMap<>();
    private final SequencedMap<Long, IkeSa> byChild = new LinkedHashMap<>();
    private final SequencedSet<Integer> childSpis = new LinkedHashSet<>();
    private final HalfOpen halfOpen = new HalfOpen();
    private long asks;
    private long childIds;

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
        return bySpi.values().stream()
                .filter(sa -> sa.peer().name().equals(peer))
                .toList();
    }

    /** The IKE SA that stands for the peer now: established and not replaced. */
    Optional<IkeSa> standing(String peer) {
        return bySpi.values().stream()
                .filter(sa -> sa.isEstablished() && sa.peer().name().equals(peer))
                .findFirst();
    }

    void add(IkeSa sa) {
        bySpi.put(sa.ourSpi(), sa);
    }

    void remove(IkeSa sa) {
        bySpi.remove(sa.ourSpi());
        byAsk.values().removeIf(owner -> owner == sa);
        halfOpen.leave(sa);
    }

    long newAsk(IkeSa sa) {
        asks++;
        byAsk.put(asks, sa);
        return asks;
    }

    long newChildId() {
        childIds++;
        return childIds;
    }

    void own(long childId, IkeSa sa) {
        byChild.put(childId, sa);
    }

    void disown(long childId, int spi) {
        byChild.remove(childId);
        childSpis.remove(spi);
    }

    /** Never zero: RFC 7296 section 3.1. */
    long newIkeSpi(Entropy entropy) {
        long spi = entropy.nextLong();
        while (spi == 0 || bySpi.containsKey(spi)) {
            spi = entropy.nextLong();
        }
        return spi;
    }

    /** RFC 4303 section 2.1: 1 to 255 are reserved, 0 is never sent. Held until {@link #release} or {@link #disown}. */
    int newChildSpi(Entropy entropy) {
        int spi = (int) entropy.nextLong();
        while (spi >>> 8 == 0 || childSpis.contains(spi)) {
            spi = (int) entropy.nextLong();
        }
        childSpis.add(spi);
        return spi;
    }

    void release(int spi) {
        childSpis.remove(spi);
    }
}
