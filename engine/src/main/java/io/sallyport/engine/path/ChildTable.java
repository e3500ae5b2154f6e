package io.sallyport.engine.path;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Children by our SPI. The control thread changes it, packet threads look it up without a lock and without making an
 * object: open addressing over one array, which is replaced whole when it fills or when a child leaves.
 */
final class ChildTable {
    private static final int SMALLEST = 16;

    private volatile AtomicReferenceArray<@Nullable Child> slots = new AtomicReferenceArray<>(SMALLEST);
    private int size;

    @Nullable
    Child find(int spi) {
        AtomicReferenceArray<@Nullable Child> all = slots;
        int mask = all.length() - 1;
        for (int i = mix(spi) & mask; ; i = (i + 1) & mask) {
            Child child = all.getAcquire(i);
            if (child == null || child.sa().inboundSpi() == spi) {
                return child;
            }
        }
    }

    void put(Child child) {
        AtomicReferenceArray<@Nullable Child> all = slots;
        if (++size * 2 > all.length()) {
            slots = copy(all, all.length() * 2, null);
            all = slots;
        }
        insert(all, child);
    }

    void remove(Child child) {
        slots = copy(slots, slots.length(), child);
        size--;
    }

    private static AtomicReferenceArray<@Nullable Child> copy(
            AtomicReferenceArray<@Nullable Child> from, int length, @Nullable Child except) {
        AtomicReferenceArray<@Nullable Child> to = new AtomicReferenceArray<>(length);
        for (int i = 0; i < from.length(); i++) {
            Child child = from.get(i);
            if (child != null && child != except) {
                insert(to, child);
            }
        }
        return to;
    }

    private static void insert(AtomicReferenceArray<@Nullable Child> to, Child child) {
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
