package io.sallyport.radius;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.wire.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the servers say. */
public sealed interface Verdict {
    /**
     * The conversation goes on.
     *
     * @param eap for the client
     */
    record Challenge(Bytes eap) implements Verdict {}

    /**
     * Come in.
     *
     * @param eap EAP-Success for the client; empty after a password
     * @param user as the server calls it
     * @param msk 64 octets; absent after a password
     * @param framed addresses that the client must have; empty: we choose
     * @param sessionTimeout after which it must prove itself again
     */
    record Accept(
            Bytes eap,
            String user,
            Optional<Secret> msk,
            List<Address> framed,
            Optional<Duration> sessionTimeout,
            Marks marks)
            implements Verdict {}

    /**
     * Go away.
     *
     * @param eap EAP-Failure for the client; empty after a password
     * @param message the server's words, made safe to print; may be empty
     */
    record Reject(Bytes eap, String message) implements Verdict {}

    /** @param servers who were asked, each with what is known */
    record Silent(List<String> servers) implements Verdict {}

    /**
     * What a server wants said again, or used for groups.
     *
     * @param classes opaque; echoed in accounting
     * @param filters Filter-Id
     * @param policies MS-Azure-Policy-ID
     * @param interim how often usage is to be told
     */
    record Marks(List<Bytes> classes, List<String> filters, List<Bytes> policies, Optional<Duration> interim) {
        public static final Marks NONE = new Marks(List.of(), List.of(), List.of(), Optional.empty());

        public Marks {
            classes = List.copyOf(classes);
            filters = List.copyOf(filters);
            policies = List.copyOf(policies);
        }
    }
}
