package io.sallyport.engine.path;

import io.sallyport.engine.capture.Tap;
import io.sallyport.forward.NextHop;
import io.sallyport.os.Tun;
import io.sallyport.os.VnetHeader;
import io.sallyport.os.Waiter;
import io.sallyport.wire.Checksum;
import io.sallyport.wire.Drop;
import io.sallyport.wire.Octets;
import io.sallyport.wire.Packet;
import io.sallyport.wire.Tcp;
import io.sallyport.wire.Udp;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The thread that reads one VNet's device and sends what it reads into tunnels. */
final class SurfaceThread implements AutoCloseable {
    /** Packets read before what waits is sent: a bound on the delay of the first of them. */
    private static final int BATCH = 64;

    /** Where the IP header lies in the read buffer: aligned, with room for the device's header before it. */
    private static final int IP = 64;

    private static final int READ_MAX = 65_536 + VnetHeader.OCTETS;
    private static final int TAIL = 256;

    private final Tun device;
    private final Waiter waiter;
    private final Worker worker;
    private final PacketPath.Listener listener;
    private final Thread thread;
    private final Rounds rounds = new Rounds();
    private final MemorySegment buffer = Arena.ofAuto().allocate(IP + READ_MAX + TAIL, 64);
    private final Packet packet = new Packet();
    private volatile Vnet vnet;
    private volatile boolean stopping;

    SurfaceThread(Tun device, Vnet vnet, PacketPath.Listener listener, Counts counts, Tap tap) throws IOException {
        this.device = device;
        this.vnet = vnet;
        this.listener = listener;
        this.worker = new Worker(listener, counts, tap);
        this.waiter = new Waiter(List.of(device));
        this.thread = Thread.ofPlatform().name("tun-" + device.name()).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Tun device() {
        return device;
    }

    /** Publishes new routes. */
    void route(Vnet by) {
        vnet = by;
    }

    private void run() {
        while (!stopping) {
            rounds.next();
            if (!drainSafely()) {
                waiter.await();
                if (waiter.isGone(0) && !stopping) {
                    listener.failed("device '" + device.name() + "' is gone");
                    return;
                }
            }
        }
    }

    /** A defect of ours costs the packets of one batch, never the thread. */
    private boolean drainSafely() {
        try {
            return drain();
        } catch (RuntimeException e) {
            worker.abandon();
            listener.failed("defect on thread " + thread.getName() + ": " + e);
            return false;
        }
    }

    /** Handles what is there, at most a batch. False: there was nothing. */
    private boolean drain() {
        int header = device.headerOctets();
        Vnet routes = vnet;
        worker.begin(System.nanoTime());
        int read = 0;
        for (int i = 0; i < BATCH; i++) {
            int size = device.read(buffer.address() + IP - header, READ_MAX);
            if (size <= header) {
                break;
            }
            read++;
            handle(routes, size - header);
        }
        worker.flush();
        return read > 0;
    }

    private void handle(Vnet routes, int length) {
        int size = 0;
        Drop drop = packet.read(buffer, IP, length);
        if (drop == null && device.headerOctets() > 0) {
            int type = VnetHeader.gsoType(buffer, IP - VnetHeader.OCTETS);
            if (type != VnetHeader.GSO_NONE) {
                size = VnetHeader.gsoSize(buffer, IP - VnetHeader.OCTETS);
                drop = size > 0 && fits(type) ? null : Drop.INNER_MALFORMED;
            } else if (VnetHeader.needsChecksum(buffer, IP - VnetHeader.OCTETS)) {
                drop = completeChecksum() ? null : Drop.INNER_MALFORMED;
            }
        }
        if (drop == null && packet.isLinkScoped()) {
            drop = Drop.LINK_SCOPE;
        }
        if (drop != null) {
            worker.drop(drop);
            return;
        }
        switch (routes.route(packet)) {
            case NextHop.Tunnel(int index) -> worker.tunnel(packet, routes.tunnel(index), routes, size);
            case NextHop.Surface _ -> worker.drop(Drop.HAIRPIN);
            case NextHop.Nowhere(Drop reason) -> worker.drop(reason);
        }
    }

    private boolean fits(int type) {
        return switch (type) {
            case VnetHeader.GSO_TCPV4 -> packet.version() == 4 && packet.protocol() == Tcp.PROTOCOL;
            case VnetHeader.GSO_TCPV6 -> packet.version() == 6 && packet.protocol() == Tcp.PROTOCOL;
            case VnetHeader.GSO_UDP -> packet.protocol() == Udp.PROTOCOL;
            default -> false;
        };
    }

    /** The kernel left the sum to whoever sends the packet; the field holds the pseudo header's part of it. */
    private boolean completeChecksum() {
        int start = VnetHeader.checksumStart(buffer, IP - VnetHeader.OCTETS);
        int offset = VnetHeader.checksumOffset(buffer, IP - VnetHeader.OCTETS);
        if (start + offset + 2 > packet.length()) {
            return false;
        }
        int sum = Checksum.sum(buffer, IP + start, packet.length() - start);
        int checksum = Checksum.complement(sum);
        boolean udp = packet.protocol() == Udp.PROTOCOL;
        Octets.put16(buffer, IP + start + offset, udp && checksum == 0 ? 0xffff : checksum);
        return true;
    }

    /** Ends the thread; what it used stays open. */
    void stop() {
        stopping = true;
        waiter.wake();
        Threads.join(thread);
    }

    /** Returns when nothing that was withdrawn before this call is in the thread's hands. */
    void letGo() {
        rounds.awaitNext(thread, waiter);
    }

    /** Ends the thread and deletes the device. */
    @Override
    public void close() {
        stop();
        waiter.close();
        device.close();
    }
}
