package io.sallyport.base;

import java.time.Duration;
import java.time.Instant;

/**
 * The present, as a machine is told it.
 *
 * @param at for deadlines
 * @param wall for what people and certificates mean by time
 */
public record Now(Monotonic at, Instant wall) {
    public Now plus(Duration duration) {
        return new Now(at.plus(duration), wall.plus(duration));
    }

    /** The deadline that lies {@code duration} ahead. */
    public Monotonic in(Duration duration) {
        return at.plus(duration);
    }
}
