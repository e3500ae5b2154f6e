package io.sallyport.bench;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.JdkKeyExchanges;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.KeyExchanges;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.KeyExchangeAnswers;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.ike.endpoint.IkeEndpoint;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A whole handshake with a pre-shared key, both ends of it on one thread: IKE_SA_INIT and IKE_AUTH with a child. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class HandshakeBenchmark {
    private static final Address LEFT = Address.parse("192.0.2.1");
    private static final Address RIGHT = Address.parse("192.0.2.2");

    @Param({"CURVE25519", "ECP_256", "ECP_384", "MODP_2048"})
    private KeyExchangeMethod method = KeyExchangeMethod.CURVE25519;

    private final Entropy entropy = new SecureRandom()::nextBytes;
    private final KeyExchanges exchanges = new JdkKeyExchanges(entropy);
    private final Now now = new Now(new Monotonic(1_000_000_000), Instant.EPOCH);

    /** How many children both ends installed: two, or the benchmark measures a failure. */
    @Benchmark
    public int handshake() {
        IkeEndpoint left = new IkeEndpoint(entropy);
        IkeEndpoint right = new IkeEndpoint(entropy);
        ArrayDeque<Runnable> todo = new ArrayDeque<>();
        int[] installed = new int[1];
        deliver(left, new IkeEvent.Configure(List.of(peer(LEFT, RIGHT))), right, todo, installed);
        deliver(right, new IkeEvent.Configure(List.of(peer(RIGHT, LEFT))), left, todo, installed);
        deliver(left, new IkeEvent.Connect("other"), right, todo, installed);
        while (!todo.isEmpty()) {
            todo.poll().run();
        }
        if (installed[0] != 2) {
            throw new IllegalStateException("the handshake ended with " + installed[0] + " children");
        }
        return installed[0];
    }

    private void deliver(
            IkeEndpoint to, IkeEvent event, IkeEndpoint other, ArrayDeque<Runnable> todo, int[] installed) {
        for (IkeAction action : to.on(event, now)) {
            switch (action) {
                case IkeAction.Send(var local, var remote, Bytes message) ->
                    todo.add(() -> deliver(
                            other,
                            new IkeEvent.Datagram(/* local= */ remote, /* remote= */ local, message),
                            to,
                            todo,
                            installed));
                case IkeAction.Ask(long ask, var question) ->
                    todo.add(() -> deliver(
                            to,
                            new IkeEvent.Answered(
                                    ask, KeyExchangeAnswers.to((IkeAction.Question.OfKeyExchange) question, exchanges)),
                            other,
                            todo,
                            installed));
                case IkeAction.InstallChild _ -> installed[0]++;
                case IkeAction.SendKeepalive _,
                        IkeAction.Wake _,
                        IkeAction.UseOutbound _,
                        IkeAction.RemoveChild _,
                        IkeAction.ReleaseLease _,
                        IkeAction.MoveChild _,
                        IkeAction.Note _ -> {}
            }
        }
    }

    private PeerConfig peer(Address local, Address remote) {
        List<IkeSuite> ike = List.of(new IkeSuite(
                EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, PrfAlgorithm.HMAC_SHA2_384, method));
        List<EspSuite> esp = List.of(
                new EspSuite(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, Optional.empty(), false));
        List<TrafficSelector> any = List.of(TrafficSelector.of(Prefix.ANY_IPV4));
        return PeerConfig.of("other", local, Proofs.sharedKey(Secret.utf8("not-a-real-secret-0123456789")))
                .remote(Optional.of(remote))
                .remoteIdentity(Optional.of(Identity.of(remote)))
                .offers(ike)
                .accepts(ike)
                .children(List.of(new ChildConfig("any", any, any, esp, esp, Duration.ofHours(1), 0, 1024)))
                .build();
    }
}
