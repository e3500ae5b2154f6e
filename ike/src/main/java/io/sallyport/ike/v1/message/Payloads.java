package io.sallyport.ike.v1.message;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import java.util.List;
import java.util.Optional;

/** Finds payloads. */
public final class Payloads {
    private Payloads() {}

    public static <P extends Payload> List<P> all(List<? extends Payload> payloads, Class<P> kind) {
        return payloads.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** @throws Malformed when there is more than one */
    public static <P extends Payload> Optional<P> atMostOne(List<? extends Payload> payloads, Class<P> kind)
            throws Malformed {
        List<P> all = all(payloads, kind);
        if (all.size() > 1) {
            throw new Malformed(kind.getSimpleName(), all.size() + " of them");
        }
        return all.stream().findFirst();
    }

    /** @throws Malformed when there is none, or more than one */
    public static <P extends Payload> P one(List<? extends Payload> payloads, Class<P> kind) throws Malformed {
        return atMostOne(payloads, kind).orElseThrow(() -> new Malformed(kind.getSimpleName(), "missing"));
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

    /** Whether a vendor id begins with {@code octets}: versions follow. */
    public static boolean hasVendor(List<? extends Payload> payloads, Bytes octets) {
        return all(payloads, Payload.VendorId.class).stream()
                .map(Payload.VendorId::data)
                .anyMatch(d ->
                        d.size() >= octets.size() && d.slice(0, octets.size()).equals(octets));
    }
}
