package io.sallyport.engine.path;

import io.sallyport.forward.Run;
import io.sallyport.os.Gather;
import io.sallyport.os.Tun;
import io.sallyport.os.VnetHeader;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Packet;
import io.sallyport.wire.Tcp;
import io.sallyport.wire.Udp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One packet thread's way to the machine. Neighbours of one flow are joined and written by one system call whose parts lie
 * where they were decrypted; a few flows may be open at once. Whoever reuses the packets' memory must {@link #flush}
 * first.
 */
final class DeviceWriter {
    /** Flows open at once: enough for some parallel streams, few enough to look through. */
    private static final int LANES = 8;

    private final Counts counts;
    private final Run[] lanes = new Run[LANES];
    private final Gather gather = new Gather(Run.PIECES_MAX + 1);
    private final MemorySegment header = Arena.ofAuto().allocate(16, 16);
    private @Nullable Tun device;
    private int oldest;
    private int open;

    DeviceWriter(Counts counts) {
        this.counts = counts;
        for (int i = 0; i < LANES; i++) {
            lanes[i] = new Run();
        }
    }

    /** Delivers {@code packet} to {@code to}, now or at the next flush. */
    void write(Packet packet, Tun to) {
        if (device != to) {
            flush();
            device = to;
        }
        boolean joinable =
                to.offload() != Tun.Offload.NONE && Run.canBegin(packet, to.offload() == Tun.Offload.TCP_UDP);
        for (int i = 0; i < LANES && open > 0; i++) {
            Run lane = lanes[i];
            if (lane.isSameFlow(packet)) {
                if (joinable && lane.join(packet)) {
                    return;
                }
                close(lane, to);
                break;
            }
        }
        if (joinable) {
            begin(packet, to);
        } else {
            writeAlone(packet, to);
        }
    }

    private void begin(Packet packet, Tun to) {
        for (int i = 0; i < LANES; i++) {
            if (lanes[i].isEmpty()) {
                lanes[i].begin(packet);
                open++;
                return;
            }
        }
        Run lane = lanes[oldest];
        oldest = (oldest + 1) % LANES;
        close(lane, to);
        lane.begin(packet);
        open++;
    }

    /** Writes everything that is open. */
    void flush() {
        Tun to = device;
        if (open == 0 || to == null) {
            return;
        }
        for (int i = 0; i < LANES; i++) {
            if (!lanes[i].isEmpty()) {
                close(lanes[i], to);
            }
        }
    }

    /** Forgets everything that is open. */
    void abandon() {
        for (Run lane : lanes) {
            lane.clear();
        }
        open = 0;
    }

    /** Writes a packet that stands for itself and whose checksums are complete. */
    void writeAlone(Packet packet, Tun to) {
        gather.clear();
        if (to.headerOctets() > 0) {
            VnetHeader.writePlain(header, 0);
            gather.add(header, 0, VnetHeader.OCTETS);
        }
        gather.add(packet.memory(), packet.at(), packet.length());
        written(to, 1);
    }

    private void close(Run run, Tun to) {
        gather.clear();
        int packets = run.count();
        if (packets == 1) {
            VnetHeader.writePlain(header, 0);
        } else {
            run.finish();
            int type =
                    run.isTcp() ? run.version() == 4 ? VnetHeader.GSO_TCPV4 : VnetHeader.GSO_TCPV6 : VnetHeader.GSO_UDP;
            int checksum = run.isTcp() ? Tcp.CHECKSUM : Udp.CHECKSUM;
            VnetHeader.writeSuper(header, 0, type, run.headerLength(), run.size(), run.transport(), checksum);
        }
        gather.add(header, 0, VnetHeader.OCTETS);
        for (int i = 0; i < packets; i++) {
            gather.add(run.memory(), run.at(i), run.length(i));
        }
        run.clear();
        open--;
        written(to, packets);
    }

    private void written(Tun to, int packets) {
        if (gather.writeTo(to)) {
            counts.written(packets);
        } else {
            counts.drop(Drop.DEVICE_REFUSED, packets);
        }
    }
}
