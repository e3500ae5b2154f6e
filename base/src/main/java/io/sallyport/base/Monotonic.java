package io.sallyport.base;

import java.time.Duration;

/**
 * A point on a clock that never jumps. Deadlines are made of these, never of the wall clock.
 *
 * @param nanos nanoseconds since an arbitrary origin that is the same for one process
 */
public record Monotonic(long nanos) implements Comparable<Monotonic> {
    /** Later than every deadline that is ever set. */
    public static final Monotonic NEVER = new Monotonic(Long.MAX_VALUE);

    public Monotonic plus(Duration duration) {
        return new Monotonic(Math.addExact(nanos, duration.toNanos()));
    }

    public Duration since(Monotonic earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }

    public boolean isBefore(Monotonic other) {
        return nanos < other.nanos;
    }

    /** Whether a deadline at {@code this} is due at {@code now}. */
    public boolean isDue(Now now) {
        return nanos <= now.at().nanos;
    }

    public Monotonic earlier(Monotonic other) {
        return nanos <= other.nanos ? this : other;
    }

    @Override
    public int compareTo(Monotonic other) {
        return Long.compare(nanos, other.nanos);
    }
}
