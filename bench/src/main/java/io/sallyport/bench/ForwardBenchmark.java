package io.sallyport.bench;

import io.sallyport.forward.NextHop;
import io.sallyport.forward.RouteTable;
import io.sallyport.wire.Checksum;
import io.sallyport.wire.Octets;
import io.sallyport.wire.Packet;
import io.sallyport.wire.Prefix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The forwarding decision: headers read and the route found; and the checksum of a segment. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForwardBenchmark {
    @Param({"10", "10000"})
    private int routes = 10;

    private final MemorySegment memory = Arena.ofAuto().allocate(2048, 64);
    private final Packet packet = new Packet();
    private RouteTable table = RouteTable.of(List.of());
    private int next;

    @Setup
    public void prepare() {
        List<RouteTable.Route> all = new ArrayList<>();
        for (int i = 0; i < routes; i++) {
            Prefix prefix = Prefix.containing(io.sallyport.wire.Address.ipv4(0x0a00_0000 | i << 8), 24);
            all.add(new RouteTable.Route(prefix, new NextHop.Tunnel(i)));
        }
        table = RouteTable.of(all);
        Octets.put64(memory, 0, 0x4500_0578_0000_4000L);
        Octets.put64(memory, 8, 0x4006_0000_0a01_0001L);
        Octets.put16(memory, 32, 0x5010);
    }

    @Benchmark
    public NextHop decide() {
        next = next + 1 == routes ? 0 : next + 1;
        Octets.put32(memory, 16, 0x0a00_0001 | next << 8);
        packet.read(memory, 0, 1400);
        return table.ipv4((int) packet.destinationLow());
    }

    @Benchmark
    public int checksum() {
        return Checksum.sum(memory, 20, 1380);
    }
}
