package io.sallyport.radius;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Tells sessions to the accounting port (RFC 2866, RFC 2869). Methods wait as those of {@link RadiusClient} do. */
public final class Accounting {
    private static final int START = 1;
    private static final int STOP = 2;
    private static final int INTERIM = 3;
    private static final int ON = 7;
    private static final int OFF = 8;

    private final RadiusClient client;
    private final Clock clock;

    public Accounting(RadiusClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * A session.
     *
     * @param begun when the client came in
     * @param addresses that it was given
     */
    public record Session(
            RadiusClient.Caller caller, String user, Verdict.Marks marks, Instant begun, List<Address> addresses) {
        public Session {
            addresses = List.copyOf(addresses);
        }
    }

    /** What went through it so far; in is from the client. */
    public record Usage(long octetsIn, long packetsIn, long octetsOut, long packetsOut) {
        public static final Usage NONE = new Usage(0, 0, 0, 0);
    }

    /** Why a session ended (RFC 2866 section 5.10). */
    public enum Cause {
        USER_REQUEST(1),
        LOST_SERVICE(3),
        IDLE_TIMEOUT(4),
        SESSION_TIMEOUT(5),
        ADMIN_RESET(6),
        NAS_REQUEST(10);

        private final int code;

        Cause(int code) {
            this.code = code;
        }
    }

    /** All sessions from before are over. */
    public boolean on() throws InterruptedException {
        return client.account(about(ON));
    }

    public boolean off() throws InterruptedException {
        return client.account(about(OFF));
    }

    public boolean start(Session session) throws InterruptedException {
        return client.account(about(START, session));
    }

    public boolean interim(Session session, Usage usage) throws InterruptedException {
        return client.account(used(INTERIM, session, usage));
    }

    public boolean stop(Session session, Usage usage, Cause cause) throws InterruptedException {
        List<Attribute> out = used(STOP, session, usage);
        out.add(Attribute.number(Attribute.ACCT_TERMINATE_CAUSE, cause.code));
        return client.account(out);
    }

    private List<Attribute> about(int status) {
        List<Attribute> out = new ArrayList<>();
        out.add(Attribute.number(Attribute.ACCT_STATUS, status));
        out.add(Attribute.number(Attribute.EVENT_TIMESTAMP, clock.instant().getEpochSecond()));
        out.add(Attribute.number(Attribute.ACCT_DELAY, 0));
        return out;
    }

    private List<Attribute> about(int status, Session session) {
        List<Attribute> out = about(status);
        out.add(Attribute.text(Attribute.USER_NAME, session.user()));
        out.addAll(session.caller().attributes());
        for (Address each : session.addresses()) {
            out.add(new Attribute(
                    each.isIpv4() ? Attribute.FRAMED_IP_ADDRESS : Attribute.FRAMED_IPV6_ADDRESS, each.toBytes()));
        }
        for (Bytes each : session.marks().classes()) {
            out.add(new Attribute(Attribute.CLASS, each));
        }
        return out;
    }

    private List<Attribute> used(int status, Session session, Usage usage) {
        List<Attribute> out = about(status, session);
        long seconds =
                Math.max(0, clock.instant().getEpochSecond() - session.begun().getEpochSecond());
        out.add(Attribute.number(Attribute.ACCT_SESSION_TIME, seconds));
        out.add(Attribute.number(Attribute.ACCT_INPUT_OCTETS, usage.octetsIn()));
        out.add(Attribute.number(Attribute.ACCT_INPUT_GIGAWORDS, usage.octetsIn() >>> 32));
        out.add(Attribute.number(Attribute.ACCT_OUTPUT_OCTETS, usage.octetsOut()));
        out.add(Attribute.number(Attribute.ACCT_OUTPUT_GIGAWORDS, usage.octetsOut() >>> 32));
        out.add(Attribute.number(Attribute.ACCT_INPUT_PACKETS, usage.packetsIn()));
        out.add(Attribute.number(Attribute.ACCT_OUTPUT_PACKETS, usage.packetsOut()));
        return out;
    }
}
