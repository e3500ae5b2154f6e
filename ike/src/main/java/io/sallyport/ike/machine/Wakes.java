package io.sallyport.ike.machine;

import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * When each SA wants to be woken; the earliest is what the caller is asked for.
 *
 * @param <S> the SA, which is known by a number of its own
 */
public final class Wakes<S> {
    private record Wake(Monotonic at, long spi) implements Comparable<Wake> {
        @Override
        public int compareTo(Wake other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(spi, other.spi);
        }
    }

    private final SequencedMap<Wake, S> queue = new TreeMap<>();
    private final SequencedMap<Long, Wake> bySpi = new LinkedHashMap<>();
    private Monotonic wished = Monotonic.NEVER;

    /** Those whose time has come. */
    public List<S> due(Now now) {
        List<S> sas = new ArrayList<>();
        for (Map.Entry<Wake, S> wake : queue.entrySet()) {
            if (!wake.getKey().at.isDue(now)) {
                break;
            }
            sas.add(wake.getValue());
        }
        wished = Monotonic.NEVER;
        return sas;
    }

    /** Notes when {@code sa} wants to be woken from now on; never, when it is gone. */
    public void set(long spi, S sa, Monotonic at) {
        Wake last = bySpi.remove(spi);
        if (last != null) {
            queue.remove(last);
        }
        if (!at.equals(Monotonic.NEVER)) {
            Wake wake = new Wake(at, spi);
            queue.put(wake, sa);
            bySpi.put(spi, wake);
        }
    }

    /** What to ask the caller for, when it differs from what he was asked for last. */
    public Optional<Monotonic> wish() {
        if (queue.isEmpty() || queue.firstEntry().getKey().at.equals(wished)) {
            return Optional.empty();
        }
        wished = queue.firstEntry().getKey().at;
        return Optional.of(wished);
    }
}
