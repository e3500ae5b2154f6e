package io.sallyport.ike;

import io.sallyport.base.Entropy;
import io.sallyport.base.Now;
import java.util.List;

/**
 * All IKE SAs of one gateway instance, as one pure machine. The caller carries out every action, in order, before it
 * calls again; it never calls from two threads.
 */
public final class IkeEndpoint {
    private final Entropy entropy;

    public IkeEndpoint(Entropy entropy) {
        this.entropy = entropy;
    }

    /** Applies {@code event}. */
    public List<IkeAction> on(IkeEvent event, Now now) {
        return List.of();
    }

    Entropy entropy() {
        return entropy;
    }
}
