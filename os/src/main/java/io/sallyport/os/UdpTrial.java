package io.sallyport.os;

import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Tries UDP_SEGMENT and UDP_GRO with real packets over the loopback device of a network namespace, before anybody relies
 * on them: kernels have shipped with one of them broken. Datagrams of a known pattern are sent by one call, and what
 * arrives is compared octet by octet and boundary by boundary.
 */
public final class UdpTrial {
    private static final int SEGMENT = 1000;
    private static final int SEGMENTS = 20;
    private static final int LAST = 333;
    private static final int TOTAL = (SEGMENTS - 1) * SEGMENT + LAST;
    /** Loopback delivers at once; only a machine short of time needs longer. */
    private static final int PATIENCE_MILLIS = 500;

    private final Tampering tampering;
    private final MemorySegment pattern = Arena.ofAuto().allocate(TOTAL, 64);
    private final Sender sender = new Sender();
    private final Receiver receiver = new Receiver(SEGMENTS);

    /** What a trial found out about one offload. */
    public enum Outcome {
        WORKS,
        /** What arrived is not what was sent. */
        WRONG,
        NOT_OFFERED,
        /** Nothing passes over the loopback device, so nothing was learnt. */
        NOT_TESTED
    }

    /** An outcome, and in a few words why, where it is not the good one. */
    public record Finding(Outcome outcome, String why) {
        static final Finding WORKS = new Finding(Outcome.WORKS, "");
    }

    public record Findings(Finding segment, Finding gro) {}

    /** Stands in for a kernel that is wrong. */
    interface Tampering {
        Tampering NONE = (data, at, length, segment) -> segment;

        /** May change what was received; answers the segment size to believe. */
        int received(MemorySegment data, long at, int length, int segment);
    }

    /** The other end of a trial: sockets that nobody else knows of. */
    private record Pair(IpSocket from, IpSocket to, SocketAddress address) implements AutoCloseable {
        @Override
        public void close() {
            from.close();
            to.close();
        }
    }

    UdpTrial(Tampering tampering) {
        this.tampering = tampering;
        for (int i = 0; i < TOTAL; i++) {
            // Neighbouring segments differ, so that one in the place of another shows.
            pattern.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + i / SEGMENT * 7));
        }
    }

    /**
     * Tries both.
     *
     * @param family of the addresses to try it with
     * @param netns whose loopback device; absent: the process's own
     * @param segmenting whether UDP_SEGMENT may be used at all
     */
    public static Findings run(Address.Family family, Optional<String> netns, boolean segmenting) {
        return run(family, netns, segmenting, Tampering.NONE);
    }

    static Findings run(Address.Family family, Optional<String> netns, boolean segmenting, Tampering tampering) {
        try {
            UdpTrial trial = new UdpTrial(tampering);
            Address loopback = Address.parse(
                    switch (family) {
                        case IPV4 -> "127.0.0.1";
                        case IPV6 -> "::1";
                    });
            Finding segment = segmenting
                    ? trial.segment(loopback, netns)
                    : new Finding(Outcome.NOT_TESTED, "UDP_SEGMENT may not be used");
            return new Findings(segment, trial.gro(loopback, netns, segment.outcome() == Outcome.WORKS));
        } catch (IOException e) {
            Finding unknown = new Finding(Outcome.NOT_TESTED, "no loopback to test with");
            return new Findings(unknown, unknown);
        }
    }

    private Finding segment(Address loopback, Optional<String> netns) throws IOException {
        try (Pair pair = pair(loopback, netns, true, false)) {
            if (!pair.from().segments()) {
                return new Finding(Outcome.NOT_OFFERED, "the kernel does not offer it");
            }
            if (!passes(pair)) {
                return new Finding(Outcome.NOT_TESTED, "nothing passes over loopback");
            }
            int sent = sender.sendRun(pair.from(), pair.address(), pattern.address(), TOTAL, SEGMENT, 0, true);
            if (sent != TOTAL) {
                return new Finding(Outcome.WRONG, "the kernel refused to send: " + Libc.text(Math.min(sent, 0)));
            }
            return arrives(pair);
        }
    }

    private Finding gro(Address loopback, Optional<String> netns, boolean segmenting) throws IOException {
        try (Pair pair = pair(loopback, netns, segmenting, true)) {
            if (!pair.to().coalesces()) {
                return new Finding(Outcome.NOT_OFFERED, "the kernel does not offer it");
            }
            if (!passes(pair)) {
                return new Finding(Outcome.NOT_TESTED, "nothing passes over loopback");
            }
            // As one run where that works, because a run stays merged over loopback; otherwise one by one.
            sender.send(pair.from(), pair.address(), pattern.address(), TOTAL, SEGMENT, 0);
            return arrives(pair);
        }
    }

    private static Pair pair(Address loopback, Optional<String> netns, boolean segment, boolean coalesce)
            throws IOException {
        Endpoint any = new Endpoint(loopback, 0);
        IpSocket to = IpSocket.udp(any, netns, false, coalesce);
        try {
            SocketAddress address = new SocketAddress(new Endpoint(loopback, to.boundPort()));
            return new Pair(IpSocket.udp(any, netns, segment, false), to, address);
        } catch (IOException e) {
            to.close();
            throw e;
        }
    }

    /** Whether one plain datagram gets through: if not, its loss says nothing about offloads. */
    private boolean passes(Pair pair) throws IOException {
        sender.send(pair.from(), pair.address(), pattern.address(), 1, 1, 0);
        try (Waiter waiter = new Waiter(java.util.List.of(pair.to()))) {
            waiter.await(PATIENCE_MILLIS);
        }
        return receiver.receive(pair.to()) == 1 && receiver.length(0) == 1;
    }

    private Finding arrives(Pair pair) throws IOException {
        int datagrams = 0;
        try (Waiter waiter = new Waiter(java.util.List.of(pair.to()))) {
            while (datagrams < SEGMENTS) {
                waiter.await(PATIENCE_MILLIS);
                int messages = receiver.receive(pair.to());
                if (messages <= 0) {
                    return new Finding(Outcome.WRONG, datagrams + " of " + SEGMENTS + " datagrams arrived");
                }
                for (int i = 0; i < messages; i++) {
                    receiver.open(i);
                    int length = receiver.length(i);
                    int segment = tampering.received(receiver.data(), receiver.at(i), length, receiver.segment());
                    for (int done = 0; done < length; done += segment) {
                        if (!isAsSent(datagrams, receiver.at(i) + done, Math.min(segment, length - done))) {
                            return new Finding(Outcome.WRONG, "datagram " + (datagrams + 1) + " arrived changed");
                        }
                        datagrams++;
                    }
                }
            }
        }
        return receiver.receive(pair.to()) == 0
                ? Finding.WORKS
                : new Finding(Outcome.WRONG, "more datagrams arrived than were sent");
    }

    private boolean isAsSent(int datagram, long at, int length) {
        if (datagram >= SEGMENTS || length != (datagram == SEGMENTS - 1 ? LAST : SEGMENT)) {
            return false;
        }
        long first = (long) datagram * SEGMENT;
        return MemorySegment.mismatch(pattern, first, first + length, receiver.data(), at, at + length) < 0;
    }
}
