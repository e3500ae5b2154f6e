package io.sallyport.engine.path;

import io.sallyport.wire.Prefix;
import java.io.IOException;
import java.util.Optional;

/** The machine refused one thing of a {@link PathConfig}; the message says in one line what and why. */
public final class PathFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<PathConfig.Listener> listener;
    private final transient Optional<PathConfig.Surface> surface;
    private final transient Optional<Prefix> prefix;

    private PathFailure(
            IOException cause,
            Optional<PathConfig.Listener> listener,
            Optional<PathConfig.Surface> surface,
            Optional<Prefix> prefix) {
        super(cause.getMessage(), cause);
        this.listener = listener;
        this.surface = surface;
        this.prefix = prefix;
    }

    public static PathFailure of(PathConfig.Listener listener, IOException cause) {
        return new PathFailure(cause, Optional.of(listener), Optional.empty(), Optional.empty());
    }

    public static PathFailure of(PathConfig.Surface surface, IOException cause) {
        return new PathFailure(cause, Optional.empty(), Optional.of(surface), Optional.empty());
    }

    /** A route of {@code surface} for {@code prefix}. */
    public static PathFailure of(PathConfig.Surface surface, Prefix prefix, IOException cause) {
        return new PathFailure(cause, Optional.empty(), Optional.of(surface), Optional.of(prefix));
    }

    /** The public address that could not be opened. */
    public Optional<PathConfig.Listener> listener() {
        return listener;
    }

    /** The device that could not be made, or that a route could not lead to. */
    public Optional<PathConfig.Surface> surface() {
        return surface;
    }

    /** The route that could not be made. */
    public Optional<Prefix> prefix() {
        return prefix;
    }
}
