package io.sallyport.ike.machine;

import io.sallyport.base.Entropy;
import io.sallyport.ike.Numbers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Stream;

/**
 * Who owns what at an endpoint that speaks one version: SAs by our SPI, by peer and by configuration; questions and children by
 * their numbers.
 *
 * @param <S> the SA
 * @param <C> what children belong to
 */
public abstract class Roster<S, C> {
    private final SequencedMap<Long, S> bySpi = new LinkedHashMap<>();
    private final SequencedMap<String, SequencedSet<S>> byPeer = new LinkedHashMap<>();
    private final SequencedMap<String, SequencedSet<S>> byConfig = new LinkedHashMap<>();
    private final SequencedMap<Long, S> byAsk = new LinkedHashMap<>();
    private final SequencedMap<Long, C> byChild = new LinkedHashMap<>();
    private final Numbers numbers;

    protected Roster(Numbers numbers) {
        this.numbers = numbers;
    }

    /** Our SPI, which IKEv1 calls cookie. */
    protected abstract long spi(S sa);

    /** What the peer is called in facts. */
    protected abstract String name(S sa);

    /** The name of the peer's configuration, which many clients share. */
    protected abstract String config(S sa);

    /** It carries the peer's business, and no other has replaced it. */
    protected abstract boolean isEstablished(S sa);

    public final Optional<S> bySpi(long ourSpi) {
        return Optional.ofNullable(bySpi.get(ourSpi));
    }

    public final List<S> all() {
        return List.copyOf(bySpi.values());
    }

    /** Of the peer, or of the one of many clients, that is called so; the oldest first. */
    public final List<S> ofPeer(String name) {
        return of(byPeer, name);
    }

    /** Of all peers of a configuration. */
    public final List<S> ofConfig(String name) {
        return of(byConfig, name);
    }

    private static <S> List<S> of(SequencedMap<String, SequencedSet<S>> index, String name) {
        SequencedSet<S> own = index.get(name);
        return own == null ? List.of() : List.copyOf(own);
    }

    /** Of the peer, the newest first. */
    protected final Stream<S> newest(String name) {
        return byPeer.getOrDefault(name, Collections.emptyNavigableSet()).reversed().stream();
    }

    /** The SA that stands for the peer now: established and not replaced; the newest, when two overlap. */
    public final Optional<S> standing(String name) {
        return newest(name).filter(this::isEstablished).findFirst();
    }

    public final void add(S sa) {
        bySpi.put(spi(sa), sa);
        join(sa);
    }

    public void remove(S sa) {
        bySpi.remove(spi(sa));
        leave(sa);
        byAsk.values().removeIf(owner -> owner == sa);
    }

    /** The SA proves to be of another peer, or configuration, than it was taken for. */
    public final void move(S sa, Runnable change) {
        boolean known = bySpi.get(spi(sa)) == sa;
        if (known) {
            leave(sa);
        }
        change.run();
        if (known) {
            join(sa);
        }
    }

    private void join(S sa) {
        byPeer.computeIfAbsent(name(sa), _ -> new LinkedHashSet<>()).add(sa);
        byConfig.computeIfAbsent(config(sa), _ -> new LinkedHashSet<>()).add(sa);
    }

    private void leave(S sa) {
        leave(byPeer, name(sa), sa);
        leave(byConfig, config(sa), sa);
    }

    private static <S> void leave(SequencedMap<String, SequencedSet<S>> index, String name, S sa) {
        SequencedSet<S> own = index.get(name);
        if (own != null && own.remove(sa) && own.isEmpty()) {
            index.remove(name);
        }
    }

    /** Not zero, which both versions keep for "not known yet" (RFC 7296 section 3.1, RFC 2408 section 3.1), and not in use. */
    public final long newSpi(Entropy entropy) {
        long spi = entropy.nextLong();
        while (spi == 0 || bySpi.containsKey(spi)) {
            spi = entropy.nextLong();
        }
        return spi;
    }

    // Questions and children.

    /** A question of an SA. */
    public final long newAsk(S sa) {
        long ask = numbers.newAsk();
        byAsk.put(ask, sa);
        return ask;
    }

    /** A question of no SA. */
    public final long newAsk() {
        return numbers.newAsk();
    }

    /** Hands the question's owner over, once. */
    public final Optional<S> takeAsk(long ask) {
        return Optional.ofNullable(byAsk.remove(ask));
    }

    public final Optional<C> byChild(long childId) {
        return Optional.ofNullable(byChild.get(childId));
    }

    public final long newChildId() {
        return numbers.newChildId();
    }

    public final void own(long childId, C owner) {
        byChild.put(childId, owner);
    }

    public final void disown(long childId, int spi) {
        byChild.remove(childId);
        numbers.release(spi);
    }

    /** Held until {@link #release} or {@link #disown}. */
    public final int newChildSpi(Entropy entropy) {
        return numbers.newChildSpi(entropy);
    }

    /** Whether a child has it, or an exchange that goes on has offered it. */
    public final boolean isHeld(int childSpi) {
        return numbers.isHeld(childSpi);
    }

    public final void release(int childSpi) {
        numbers.release(childSpi);
    }
}
