package io.sallyport.engine.path;

import io.sallyport.wire.Drop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What the packet threads count. */
final class Counts {
    private static final Drop[] DROPS = Drop.values();

    private final AtomicLongArray drops = new AtomicLongArray(DROPS.length);
    private final LongAdder outPackets = new LongAdder();
    private final LongAdder outSends = new LongAdder();
    private final LongAdder inPackets = new LongAdder();
    private final LongAdder inWrites = new LongAdder();

    @SuppressWarnings("EnumOrdinal") // an index within this process, never stored
    void drop(Drop reason, int packets) {
        drops.addAndGet(reason.ordinal(), packets);
    }

    void drop(Drop reason) {
        drop(reason, 1);
    }

    /** {@code packets} left through one send. */
    void sent(int packets) {
        outPackets.add(packets);
        outSends.increment();
    }

    /** {@code packets} reached a device through one write. */
    void written(int packets) {
        inPackets.add(packets);
        inWrites.increment();
    }

    @SuppressWarnings("EnumOrdinal")
    List<PacketPath.NamedCount> all() {
        List<PacketPath.NamedCount> out = new ArrayList<>();
        for (Drop drop : DROPS) {
            out.add(new PacketPath.NamedCount("drop." + drop.label(), drops.get(drop.ordinal())));
        }
        out.add(new PacketPath.NamedCount("out.packets", outPackets.sum()));
        out.add(new PacketPath.NamedCount("out.sends", outSends.sum()));
        out.add(new PacketPath.NamedCount("in.packets", inPackets.sum()));
        out.add(new PacketPath.NamedCount("in.writes", inWrites.sum()));
        return List.copyOf(out);
    }
}
