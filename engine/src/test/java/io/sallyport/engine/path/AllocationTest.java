package io.sallyport.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.packet.CryptoEngine;
import io.sallyport.esp.InboundSa;
import io.sallyport.esp.OutboundSa;
import io.sallyport.esp.SaLimits;
import io.sallyport.forward.NextHop;
import io.sallyport.forward.RouteTable;
import io.sallyport.forward.Run;
import io.sallyport.forward.SelectorSet;
import io.sallyport.os.IpsecMb;
import io.sallyport.wire.Ipv4;
import io.sallyport.wire.Octets;
import io.sallyport.wire.Packet;
import io.sallyport.wire.Prefix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A packet that is read, routed, selected, sealed, opened and gathered again makes no object. */
class AllocationTest {
    private static final int PACKETS = 100_000;

    private final MemorySegment plain = Arena.ofAuto().allocate(2048, 64);
    private final MemorySegment wire = Arena.ofAuto().allocate(2048, 64);
    private final Packet packet = new Packet();
    private final Run run = new Run();
    private final RouteTable routes =
            RouteTable.of(List.of(new RouteTable.Route(Prefix.parse("10.2.0.0/16"), new NextHop.Tunnel(0))));
    private final SelectorSet selectors = new SelectorSet(
            List.of(new SelectorSet.Selector(Prefix.parse("10.2.0.0/16").range(), 0, 0, 65535)));
    private int delivered;

    @Test
    void aPacketMakesNoGarbage() {
        // The JDK's ciphers cannot do without garbage, so this speaks of the native ones only.
        CryptoEngine engine = IpsecMb.find()
                .orElseThrow(() -> new AssertionError("libIPSec_MB.so.1 is missing: install the package libipsec-mb1"));
        OutboundSa out = new OutboundSa(
                7,
                engine.cipher(
                        EncryptionAlgorithm.AES_GCM_16_256,
                        Secret.of(new byte[36]),
                        IntegrityAlgorithm.NONE,
                        Secret.of(new byte[0]),
                        true),
                true,
                SaLimits.NONE,
                1);
        InboundSa in = new InboundSa(
                engine.cipher(
                        EncryptionAlgorithm.AES_GCM_16_256,
                        Secret.of(new byte[36]),
                        IntegrityAlgorithm.NONE,
                        Secret.of(new byte[0]),
                        true),
                true,
                SaLimits.NONE,
                1024);
        Octets.put64(plain, 0, 0x4500_0578_0000_4000L);
        Octets.put64(plain, 8, 0x4006_0000_0a01_0001L);
        Octets.put32(plain, 16, 0x0a02_0001);
        Octets.put16(plain, 32, 0x5010);
        Ipv4.setChecksum(plain, 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < PACKETS; i++) {
                carry(out, in);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(delivered).isEqualTo(10 * PACKETS);
        // The measurement itself may show as a few hundred octets; one object a packet would be 1.6 million.
        assertThat(least).isLessThan(1024);
    }

    private void carry(OutboundSa out, InboundSa in) {
        if (packet.read(plain, 0, 1400) != null
                || !selectors.matchesDestination(packet)
                || !(routes.ipv4((int) packet.destinationLow()) instanceof NextHop.Tunnel)) {
            return;
        }
        packet.clampMss(1420);
        int sealed = out.seal(plain, 0, 1400, OutboundSa.NEXT_IPV4, wire, 0, out.reserve(1, 1400));
        int opened = in.open(wire, 0, sealed);
        if (opened < 0 || packet.read(wire, in.start(), InboundSa.innerLength(opened)) != null) {
            return;
        }
        run.clear();
        if (Run.canBegin(packet, true)) {
            run.begin(packet);
            run.finish();
            delivered++;
        }
    }
}
