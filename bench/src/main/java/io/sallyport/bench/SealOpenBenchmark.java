package io.sallyport.bench;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.packet.CryptoEngine;
import io.sallyport.crypto.packet.JdkEngine;
import io.sallyport.esp.InboundSa;
import io.sallyport.esp.OutboundSa;
import io.sallyport.esp.SaLimits;
import io.sallyport.os.IpsecMb;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

/** One packet through ESP: sealed, and sealed and opened (opening alone would meet the replay window). */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SealOpenBenchmark {
    @Param({"jdk", "ipsec-mb"})
    private String engine = "jdk";

    @Param({"AES_GCM_16_256"})
    private EncryptionAlgorithm encryption = EncryptionAlgorithm.AES_GCM_16_256;

    @Param({"64", "576", "1400"})
    private int length = 64;

    private final MemorySegment plain = Arena.ofAuto().allocate(2048, 64);
    private final MemorySegment wire = Arena.ofAuto().allocate(2048, 64);
    private OutboundSa out = sending();
    private InboundSa in = new InboundSa(cipher(), true, SaLimits.NONE, 1024);

    @Setup
    public void prepare() {
        out = sending();
        in = new InboundSa(cipher(), true, SaLimits.NONE, 1024);
    }

    private OutboundSa sending() {
        return new OutboundSa(1, cipher(), true, SaLimits.NONE, 1);
    }

    private io.sallyport.crypto.packet.PacketCipher cipher() {
        CryptoEngine by =
                "jdk".equals(engine) ? new JdkEngine() : IpsecMb.find().orElseThrow();
        IntegrityAlgorithm integrity =
                encryption.isAead() ? IntegrityAlgorithm.NONE : IntegrityAlgorithm.HMAC_SHA2_256_128;
        return by.cipher(
                encryption,
                Secret.of(new byte[encryption.keyOctets() + encryption.saltOctets()]),
                integrity,
                Secret.of(new byte[integrity.keyOctets()]),
                true);
    }

    @Benchmark
    public int seal() {
        return out.seal(plain, 0, length, OutboundSa.NEXT_IPV4, wire, 0, out.reserve(1, length));
    }

    @Benchmark
    public int sealAndOpen() {
        return in.open(wire, 0, seal());
    }
}
