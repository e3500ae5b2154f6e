package io.sallyport.engine.path;

import io.sallyport.engine.capture.Recorder;
import io.sallyport.engine.capture.Tap;
import io.sallyport.forward.NextHop;
import io.sallyport.os.Tun;
import io.sallyport.wire.Address;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Icmp;
import io.sallyport.wire.Packet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** What every packet thread has of its own: its ways into tunnels and to devices, and the answers it gives. */
final class Worker {
    /** RFC 1812 section 4.3.2.8 asks that errors be limited: so many in each tenth of a second. */
    private static final int ANSWERS = 100;

    private static final long ANSWERS_NANOS = 100_000_000L;

    private final PacketPath.Listener listener;
    private final Counts counts;
    private final Tap tap;
    private final Outward outward;
    private final DeviceWriter devices;
    private final MemorySegment scratch = Arena.ofAuto().allocate(2048, 64);
    private final Packet answer = new Packet();
    private long nowNanos;
    private long answersSince;
    private int answers;
    private @Nullable Recorder recorder;

    Worker(PacketPath.Listener listener, Counts counts, Tap tap) {
        this.listener = listener;
        this.counts = counts;
        this.tap = tap;
        this.outward = new Outward(listener, counts);
        this.devices = new DeviceWriter(counts);
    }

    /** Begins a batch; the clock is read once for all of it, and so is whether anybody captures packets. */
    void begin(long now) {
        nowNanos = now;
        recorder = tap.recorder();
        outward.recordWith(recorder);
    }

    /** Who captures packets of this batch. */
    @Nullable
    Recorder recorder() {
        return recorder;
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Ends a batch: nothing waits in this thread any more, and packet memory may be used again. */
    void flush() {
        outward.flush();
        devices.flush();
    }

    /** Forgets what waits, after a defect left it half done. */
    void abandon() {
        outward.abandon();
        devices.abandon();
    }

    void drop(Drop reason) {
        counts.drop(reason);
    }

    void deliver(Packet packet, Tun device) {
        devices.write(packet, device);
    }

    /** Sends {@code packet} to {@code peer}, or answers and counts why not. */
    void tunnel(Packet packet, Peer peer, Vnet vnet, int size) {
        Child child = peer.carrierOf(packet);
        if (child == null) {
            boolean down = peer.isDown();
            counts.drop(down ? Drop.TUNNEL_DOWN : Drop.NO_SELECTOR);
            if (down && peer.tellWanted(nowNanos)) {
                listener.wanted(peer.name());
            }
            return;
        }
        packet.clampMss(child.path().innerMtu());
        Recorder seen = recorder;
        if (seen != null) {
            seen.inner(
                    Recorder.Direction.OUT,
                    child.path().socket().local().address(),
                    peer.name(),
                    packet.memory(),
                    packet.at(),
                    packet.length());
        }
        Drop drop = outward.send(packet, child, size);
        if (drop == null) {
            return;
        }
        counts.drop(drop);
        if (drop == Drop.TOO_BIG) {
            tooBig(packet, vnet, child.path().innerMtu());
        }
    }

    /** Says to the sender how large a packet may be (RFC 1191 section 4, RFC 4443 section 3.2). */
    private void tooBig(Packet packet, Vnet vnet, int mtu) {
        Address source = vnet.icmpSource(packet.version());
        if (source != null && mayAnswer(packet)) {
            int length = Icmp.tooBig(packet, source.high(), source.low(), mtu, scratch, 0);
            reply(vnet, length);
        }
    }

    /** Says to the sender that its packet's hop limit was used up. */
    void timeExceeded(Packet packet, Vnet vnet) {
        Address source = vnet.icmpSource(packet.version());
        if (source != null && mayAnswer(packet)) {
            int length = Icmp.timeExceeded(packet, source.high(), source.low(), scratch, 0);
            reply(vnet, length);
        }
    }

    private boolean mayAnswer(Packet packet) {
        if (!Icmp.mayAnswer(packet)) {
            return false;
        }
        if (nowNanos - answersSince >= ANSWERS_NANOS) {
            answersSince = nowNanos;
            answers = 0;
        }
        return answers++ < ANSWERS;
    }

    /**
     * Sends the answer in {@link #scratch} the way its destination lies. A destination the VNet's table does not know is
     * behind the device that the packet came from, where the machine knows it.
     */
    private void reply(Vnet vnet, int length) {
        if (answer.read(scratch, 0, length) != null) {
            return;
        }
        switch (vnet.route(answer)) {
            case NextHop.Tunnel(int index) -> {
                Child child = vnet.tunnel(index).carrierOf(answer);
                @Nullable Drop drop = child == null ? Drop.NO_SELECTOR : outward.send(answer, child, 0);
                if (drop != null) {
                    counts.drop(drop);
                }
            }
            case NextHop.Surface(int index) -> devices.writeAlone(answer, vnet.device(index));
            case NextHop.Nowhere _ -> devices.writeAlone(answer, vnet.device(0));
        }
    }
}
