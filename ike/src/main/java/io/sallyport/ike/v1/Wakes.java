package io.sallyport.ike.v1;

import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.ike.IkeAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;

/** When each ISAKMP SA wants to be woken; the earliest is what the caller is asked for. */
final class Wakes {
    private record Wake(Monotonic at, long cookie) implements Comparable<Wake> {
        @Override
        public int compareTo(Wake other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(cookie, other.cookie);
        }
    }

    private final SequencedMap<Wake, IkeSa> queue = new TreeMap<>();
    private final SequencedMap<Long, Wake> byCookie = new LinkedHashMap<>();
    private Monotonic wished = Monotonic.NEVER;

    List<IkeSa> due(Now now) {
        List<IkeSa> sas = new ArrayList<>();
        for (Map.Entry<Wake, IkeSa> wake : queue.entrySet()) {
            if (!wake.getKey().at.isDue(now)) {
                break;
            }
            sas.add(wake.getValue());
        }
        wished = Monotonic.NEVER;
        return sas;
    }

    void update(Turn turn) {
        SequencedSet<IkeSa> concerned = new LinkedHashSet<>(turn.touched());
        // What the SAs of one peer share is watched by the one that stands for it.
        turn.touched().forEach(sa -> concerned.addAll(turn.sas().ofPeer(sa.name())));
        for (IkeSa sa : concerned) {
            Wake last = byCookie.remove(sa.ourCookie());
            if (last != null) {
                queue.remove(last);
            }
            Monotonic at = sa.due(turn.sas());
            if (!at.equals(Monotonic.NEVER)) {
                Wake wake = new Wake(at, sa.ourCookie());
                queue.put(wake, sa);
                byCookie.put(sa.ourCookie(), wake);
            }
        }
        if (!queue.isEmpty()) {
            Monotonic first = queue.firstEntry().getKey().at;
            if (!first.equals(wished)) {
                wished = first;
                turn.act(new IkeAction.Wake(first, "ike"));
            }
        }
    }
}
