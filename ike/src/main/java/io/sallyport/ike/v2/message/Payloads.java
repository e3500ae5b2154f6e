package io.sallyport.ike.v2.message;

import java.util.List;
import java.util.Optional;

/** Finds payloads in a list that {@link PayloadRules} has checked. */
public final class Payloads {
    private Payloads() {}

    public static <P extends Payload> Optional<P> find(List<? extends Payload> payloads, Class<P> kind) {
        return payloads.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    public static Optional<Payload.Id> id(List<? extends Payload> payloads, boolean ofInitiator) {
        return all(payloads, Payload.Id.class).stream()
                .filter(id -> id.ofInitiator() == ofInitiator)
                .findFirst();
    }

    public static Optional<Payload.Ts> ts(List<? extends Payload> payloads, boolean ofInitiator) {
        return all(payloads, Payload.Ts.class).stream()
                .filter(ts -> ts.ofInitiator() == ofInitiator)
                .findFirst();
    }

    public static <P extends Payload> List<P> all(List<? extends Payload> payloads, Class<P> kind) {
        return payloads.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public static Optional<Payload.Notify> notify(List<? extends Payload> payloads, NotifyType type) {
        return all(payloads, Payload.Notify.class).stream()
                .filter(n -> n.notifyType().equals(type))
                .findFirst();
    }

    /** The first notify that reports an error. */
    public static Optional<Payload.Notify> error(List<? extends Payload> payloads) {
        return all(payloads, Payload.Notify.class).stream()
                .filter(n -> n.notifyType().isError())
                .findFirst();
    }
}
