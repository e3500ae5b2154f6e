package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** The ISAKMP SAs that others began and nobody has proven yet; bounded, and counted by source. */
final class HalfOpen {
    /** What tells one initiator's attempt from another's. */
    private record Key(Endpoint remote, long initiatorCookie) {}

    /** An attempt, and the message that began it. */
    record Entry(IkeSa sa, Bytes message) {}

    private final SequencedMap<Key, Entry> entries = new LinkedHashMap<>();
    private final SequencedMap<Address, Integer> bySource = new LinkedHashMap<>();

    boolean hasRoom(Address source) {
        return entries.size() < Limits.HALF_OPEN_MAX
                && bySource.getOrDefault(source, 0) < Limits.HALF_OPEN_PER_SOURCE_MAX;
    }

    int size() {
        return entries.size();
    }

    Optional<Entry> find(Endpoint remote, long initiatorCookie) {
        return Optional.ofNullable(entries.get(new Key(remote, initiatorCookie)));
    }

    void enter(IkeSa sa, Endpoint remote, Bytes message) {
        entries.put(new Key(remote, sa.spis().initiator()), new Entry(sa, message));
        bySource.merge(remote.address(), 1, Integer::sum);
    }

    void leave(IkeSa sa) {
        Optional<Endpoint> source = sa.halfOpenSource();
        if (source.isEmpty()) {
            return;
        }
        Key key = new Key(source.get(), sa.spis().initiator());
        Entry entry = entries.get(key);
        if (entry != null && entry.sa == sa) {
            entries.remove(key);
            bySource.computeIfPresent(source.get().address(), (_, n) -> n == 1 ? null : n - 1);
        }
    }
}
