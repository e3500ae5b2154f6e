package io.sallyport.ike;

import io.sallyport.base.Entropy;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/** What must be told apart within one process, whatever version of IKE gives it. */
public final class Numbers {
    private final SequencedSet<Integer> childSpis = new LinkedHashSet<>();
    private long asks;
    private long childIds;

    /** The number of a question. */
    public long newAsk() {
        asks++;
        return asks;
    }

    /** The {@link ChildSa#id()} of a child. */
    public long newChildId() {
        childIds++;
        return childIds;
    }

    /** RFC 4303 section 2.1: 1 to 255 are reserved, 0 is never sent. Held until {@link #release}. */
    public int newChildSpi(Entropy entropy) {
        int spi = (int) entropy.nextLong();
        while (spi >>> 8 == 0 || childSpis.contains(spi)) {
            spi = (int) entropy.nextLong();
        }
        childSpis.add(spi);
        return spi;
    }

    /** Whether {@code childSpi} is held: a child has it, or an exchange that goes on has offered it. */
    public boolean isHeld(int childSpi) {
        return childSpis.contains(childSpi);
    }

    /** Gives a child's SPI back. */
    public void release(int childSpi) {
        childSpis.remove(childSpi);
    }
}
