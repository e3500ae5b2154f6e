package io.sallyport.engine.path;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Children by our SPI. The control thread changes it, packet threads look it up without a lock and without making an
 * object: open addressing over one array. A child that leaves leaves a mark behind, so that what lies after it is still
 * found; the array is replaced whole only when children and marks fill half of it.
 */
final class ChildTable {
    private static final int SMALLEST = 16;
    private static final Object GONE = new Object();

    private volatile AtomicReferenceArray<@Nullable Object> slots = new AtomicReferenceArray<>(SMALLEST);
    private int size;
    /** Children and marks. */
    private int used;

    @Nullable
    Child find(int spi) {
        AtomicReferenceArray<@Nullable Object> all = slots;
        int mask = all.length() - 1;
        for (int i = mix(spi) & mask; ; i = (i + 1) & mask) {
            Object slot = all.getAcquire(i);
            if (slot == null) {
                return null;
            }
            if (slot instanceof Child child && child.sa().inboundSpi() == spi) {
                return child;
            }
        }
    }

    void put(Child child) {
        if ((used + 1) * 2 > slots.length()) {
            slots = copy(slots, (size + 1) * 4 > slots.length() ? slots.length() * 2 : slots.length());
            used = size;
        }
        insert(slots, child);
        size++;
        used++;
    }

    void remove(Child child) {
        AtomicReferenceArray<@Nullable Object> all = slots;
        int mask = all.length() - 1;
        for (int i = mix(child.sa().inboundSpi()) & mask; all.get(i) != null; i = (i + 1) & mask) {
            if (all.get(i) == child) {
                all.setRelease(i, GONE);
                size--;
                return;
            }
        }
    }

    private static AtomicReferenceArray<@Nullable Object> copy(
            AtomicReferenceArray<@Nullable Object> from, int length) {
        AtomicReferenceArray<@Nullable Object> to = new AtomicReferenceArray<>(length);
        for (int i = 0; i < from.length(); i++) {
            if (from.get(i) instanceof Child child) {
                insert(to, child);
            }
        }
        return to;
    }

    private static void insert(AtomicReferenceArray<@Nullable Object> to, Child child) {
        int mask = to.length() - 1;
        int i = mix(child.sa().inboundSpi()) & mask;
        while (to.get(i) != null) {
            i = (i + 1) & mask;
        }
        to.setRelease(i, child);
    }

    private static int mix(int spi) {
        int h = spi * 0x9e37_79b9;
        return h ^ h >>> 15;
    }
}
