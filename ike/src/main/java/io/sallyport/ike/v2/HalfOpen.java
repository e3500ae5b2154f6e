package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** The IKE SAs that others began and nobody has proven yet; bounded, and counted by source. */
final class HalfOpen {
    /** What tells one initiator's attempt from another's. */
    private record Key(Endpoint remote, long initiatorSpi) {}

    /** An attempt, and the request that began it. */
    record Entry(IkeSa sa, Bytes request) {}

    private final SequencedMap<Key, Entry> entries = new LinkedHashMap<>();
    private final SequencedMap<Address, Integer> bySource = new LinkedHashMap<>();

    int size() {
        return entries.size();
    }

    int from(Address source) {
        return bySource.getOrDefault(source, 0);
    }

    Optional<Entry> find(Endpoint remote, long initiatorSpi) {
        return Optional.ofNullable(entries.get(new Key(remote, initiatorSpi)));
    }

    void enter(IkeSa sa, Endpoint remote, Bytes request) {
        entries.put(new Key(remote, sa.spis().initiator()), new Entry(sa, request));
        bySource.merge(remote.address(), 1, Integer::sum);
    }

    /** The same attempt, asked with other octets: it is those that the initiator signs. */
    void restate(Entry known, Endpoint remote, Bytes request) {
        known.sa.restate(request);
        entries.put(new Key(remote, known.sa.spis().initiator()), new Entry(known.sa, request));
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
