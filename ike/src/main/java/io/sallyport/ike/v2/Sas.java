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
    private final SequencedMap<String, SequencedSet<IkeSa>> byConfig = new LinkedHashMap<>();
    private final HalfOpen halfOpen = new HalfOpen();
    private final Leases leases = new Leases();
    private final Numbers numbers;

    Sas(Numbers numbers) {
        this.numbers = numbers;
    }

    HalfOpen halfOpen() {
        return halfOpen;
    }

    Leases leases() {
        return leases;
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

    /** Of the peer, or of the one of many clients, that is called so. */
    List<IkeSa> ofPeer(String name) {
        return List.copyOf(byPeer.getOrDefault(name, NONE));
    }

    /** Of all peers of a config. */
    List<IkeSa> ofConfig(String name) {
        return List.copyOf(byConfig.getOrDefault(name, NONE));
    }

    /** The IKE SA that stands for the peer now: established and not replaced; the newest, when two overlap. */
    Optional<IkeSa> standing(String name) {
        return byPeer.getOrDefault(name, NONE).reversed().stream()
                .filter(IkeSa::isEstablished)
                .findFirst();
    }

    /** Others of the same peer and, where clients have addresses, of the same device; the newest first. */
    List<IkeSa> beside(IkeSa sa) {
        return byPeer.getOrDefault(sa.name(), NONE).reversed().stream()
                .filter(other -> other != sa
                        && other.isEstablished()
                        && other.addresses().equals(sa.addresses()))
                .toList();
    }

    void add(IkeSa sa) {
        bySpi.put(sa.ourSpi(), sa);
        join(sa);
    }

    void remove(IkeSa sa) {
        bySpi.remove(sa.ourSpi());
        leave(sa);
        byAsk.values().removeIf(owner -> owner == sa);
        halfOpen.leave(sa);
    }

    /** The SA proves to be of another peer than it was taken for. */
    void move(IkeSa sa, Runnable change) {
        boolean known = bySpi.get(sa.ourSpi()) == sa;
        if (known) {
            leave(sa);
        }
        change.run();
        if (known) {
            join(sa);
        }
    }

    private void join(IkeSa sa) {
        byPeer.computeIfAbsent(sa.name(), _ -> new LinkedHashSet<>()).add(sa);
        byConfig.computeIfAbsent(sa.peer().name(), _ -> new LinkedHashSet<>()).add(sa);
    }

    private void leave(IkeSa sa) {
        leave(byPeer, sa.name(), sa);
        leave(byConfig, sa.peer().name(), sa);
    }

    private static void leave(SequencedMap<String, SequencedSet<IkeSa>> index, String name, IkeSa sa) {
        SequencedSet<IkeSa> own = index.get(name);
        if (own != null && own.remove(sa) && own.isEmpty()) {
            index.remove(name);
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
