package io.sallyport.bench;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.engine.OsEntropy;
import io.sallyport.engine.control.FastestKeyExchanges;
import io.sallyport.engine.identity.Identities;
import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.KeyExchangeAnswers;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.ike.endpoint.IkeEndpoint;
import io.sallyport.os.LibcryptoSignatures;
import io.sallyport.pki.HttpFetcher;
import io.sallyport.store.MemoryStore;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Many IKEv2 gateways in one process, each at an address of its own, without a packet path: initiators that load a responder,
 * or responders that a gateway brings its tunnels up to. Sockets are the JDK's, one pair for each address.
 *
 * <p>Arguments, each NAME=VALUE: role (initiate, respond), first (the first address; the others follow it), inner (the
 * first end's address in the tunnel; the others follow it), count, remote, proof (psk, certificate), group (such as ECP_256), at-once (handshakes under way), rounds (how often
 * all of them connect), responder (process id, whose CPU time is told), data (directory with {@code pki}),
 * identity (in the certificate), peer (identity of the other end).
 */
final class FarEnds {
    private static final int IKE = 500;
    private static final int NAT = 4500;
    private static final int MARKER = 4;
    private static final String KEY = "NotARealSecret0123456789";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LEAVING = Duration.ofSeconds(4);

    private final Map<String, String> arguments = new HashMap<>();
    private IkeEndpoint ike = new IkeEndpoint(new OsEntropy());
    private final FastestKeyExchanges exchanges = new FastestKeyExchanges(new OsEntropy());
    private final ExecutorService workers = Executors.newFixedThreadPool(2);
    private final Queue<IkeEvent> answers = new ConcurrentLinkedQueue<>();
    private final Map<Endpoint, DatagramChannel> sockets = new HashMap<>();
    private final Set<String> up = new HashSet<>();
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
    private final Identities identities;
    private Monotonic wake = Monotonic.NEVER;
    private int failed;
    private boolean heard;

    private FarEnds(String[] args) throws IOException {
        for (String each : args) {
            arguments.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }
        LibcryptoSignatures.prefer();
        Path data = Path.of(arguments.getOrDefault("data", "/nonexistent"));
        identities = new Identities(data, new MemoryStore(), Clock.systemUTC(), new HttpFetcher());
        Path root = data.resolve("root.der");
        if (Files.exists(root)) {
            identities.configure(new IdentityPlan(
                    List.of(new IdentityPlan.Trust(
                            "peer",
                            List.of(Bytes.wrap(Files.readAllBytes(root))),
                            Optional.empty(),
                            List.of(),
                            IdentityPlan.Revocation.OFF)),
                    List.of(),
                    List.of(),
                    List.of()));
        }
    }

    public static void main(String[] args) throws Exception {
        new FarEnds(args).run();
        System.exit(0);
    }

    private void run() throws IOException {
        int count = Integer.parseInt(argument("count"));
        List<PeerConfig> peers = new ArrayList<>();
        Address address = Address.parse(argument("first"));
        Address inner = Address.parse(argument("inner"));
        for (int i = 0; i < count; i++) {
            peers.add(peer("p" + i, address, inner));
            open(address, IKE);
            open(address, NAT);
            address = address.next();
            inner = inner.next();
        }
        if (argument("role").equals("respond")) {
            respond(peers);
            return;
        }
        for (int round = 1; round <= Integer.parseInt(arguments.getOrDefault("rounds", "1")); round++) {
            initiate(round, peers);
        }
    }

    /** Answers for ever; tells how far the far end is, and how long after the first message. */
    private void respond(List<PeerConfig> peers) throws IOException {
        on(new IkeEvent.Configure(peers));
        System.out.println("ready");
        long begin = 0;
        int told = 0;
        while (true) {
            turn();
            if (begin == 0 && heard) {
                begin = System.nanoTime();
            }
            boolean all = up.size() == peers.size();
            if (up.size() - told >= 1000 || all && up.size() > told) {
                told = up.size();
                System.out.printf(Locale.ROOT, "up=%d seconds=%.3f%n", told, (System.nanoTime() - begin) / 1e9);
            }
        }
    }

    /** All of them once, by gateways that have forgotten everything. */
    private void initiate(int round, List<PeerConfig> peers) throws IOException {
        int atOnce = Integer.parseInt(arguments.getOrDefault("at-once", "8"));
        ike = new IkeEndpoint(new OsEntropy());
        answers.clear();
        wake = Monotonic.NEVER;
        up.clear();
        failed = 0;
        on(new IkeEvent.Configure(peers));
        long cpu = cpuNanos();
        double responder = responderSeconds();
        long begin = System.nanoTime();
        int begun = 0;
        while (up.size() + failed < peers.size()) {
            while (begun < peers.size() && begun - up.size() - failed < atOnce) {
                on(new IkeEvent.Connect(peers.get(begun).name()));
                begun++;
            }
            turn();
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                break;
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "round=%d up=%d failed=%d seconds=%.3f cpu=%.3f responder=%.3f%n",
                round,
                up.size(),
                failed,
                seconds,
                (cpuNanos() - cpu) / 1e9,
                responderSeconds() - responder);
        leave(peers);
    }

    /** So that the next round finds a responder that has nothing to look through. */
    private void leave(List<PeerConfig> peers) throws IOException {
        for (PeerConfig peer : peers) {
            on(new IkeEvent.Disconnect(peer.name()));
        }
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < LEAVING.toNanos()) {
            turn();
        }
    }

    /** The CPU time that the process {@code responder} has used; proc(5): utime and stime in ticks of 10 ms. */
    private double responderSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", argument("responder"), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    private String argument(String name) {
        String value = arguments.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + "=… is missing");
        }
        return value;
    }

    private PeerConfig peer(String name, Address local, Address inner) {
        boolean byCertificate = arguments.getOrDefault("proof", "psk").equals("certificate");
        Proofs proofs = byCertificate
                ? new Proofs(
                        List.of(new Authentication.Certificate("own")), List.of(new Authentication.Certificate("peer")))
                : Proofs.sharedKey(Secret.utf8(KEY));
        IkeSuite suite = new IkeSuite(
                EncryptionAlgorithm.AES_GCM_16_256,
                IntegrityAlgorithm.NONE,
                PrfAlgorithm.HMAC_SHA2_384,
                KeyExchangeMethod.valueOf(arguments.getOrDefault("group", "ECP_256")));
        List<EspSuite> esp = List.of(
                new EspSuite(EncryptionAlgorithm.AES_GCM_16_256, IntegrityAlgorithm.NONE, Optional.empty(), false));
        List<TrafficSelector> own = List.of(TrafficSelector.of(new Prefix(inner, 32)));
        List<TrafficSelector> any = List.of(TrafficSelector.of(Prefix.ANY_IPV4));
        boolean initiator = argument("role").equals("initiate");
        PeerConfig.Builder peer = PeerConfig.of(name, local, proofs)
                .remote(Optional.of(Address.parse(argument("remote"))))
                .offers(List.of(suite))
                .accepts(List.of(suite))
                .children(List.of(
                        new ChildConfig("any", initiator ? own : any, any, esp, esp, Duration.ofHours(8), 0, 64)))
                .mayInitiate(initiator)
                .dpdTimeout(Duration.ofMinutes(10))
                .encapsulation(PeerConfig.EncapsulationMode.UDP);
        Optional.ofNullable(arguments.get("identity")).ifPresent(i -> peer.localIdentity(Identity.fqdn(i)));
        Optional.ofNullable(arguments.get("peer")).ifPresent(i -> peer.remoteIdentity(Optional.of(Identity.fqdn(i))));
        return peer.build();
    }

    private void open(Address address, int port) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(address.toString()), port));
        channel.configureBlocking(false);
        Endpoint endpoint = new Endpoint(address, port);
        channel.register(selector, SelectionKey.OP_READ, endpoint);
        sockets.put(endpoint, channel);
    }

    private void turn() throws IOException {
        long wait = wake.equals(Monotonic.NEVER)
                ? 1000
                : Math.max(1, wake.since(now().at()).toMillis());
        if (answers.isEmpty()) {
            selector.select(Math.min(wait, 1000));
        } else {
            selector.selectNow();
        }
        for (SelectionKey key : selector.selectedKeys()) {
            receive((DatagramChannel) key.channel(), (Endpoint) key.attachment());
        }
        selector.selectedKeys().clear();
        for (IkeEvent answer = answers.poll(); answer != null; answer = answers.poll()) {
            on(answer);
        }
        if (wake.isDue(now())) {
            wake = Monotonic.NEVER;
            on(new IkeEvent.Deadline());
        }
    }

    private void receive(DatagramChannel channel, Endpoint local) throws IOException {
        while (true) {
            buffer.clear();
            if (!(channel.receive(buffer) instanceof InetSocketAddress from)) {
                return;
            }
            buffer.flip();
            byte[] octets = new byte[buffer.remaining()];
            buffer.get(octets);
            heard = true;
            boolean marked = local.port() == NAT;
            if (marked && (octets.length < MARKER || (octets[0] | octets[1] | octets[2] | octets[3]) != 0)) {
                continue;
            }
            Bytes message = Bytes.wrap(marked ? Arrays.copyOfRange(octets, MARKER, octets.length) : octets);
            Endpoint remote =
                    new Endpoint(Address.of(Bytes.wrap(from.getAddress().getAddress())), from.getPort());
            on(new IkeEvent.Datagram(local, remote, message));
        }
    }

    private void on(IkeEvent event) throws IOException {
        for (IkeAction action : ike.on(event, now())) {
            switch (action) {
                case IkeAction.Send(Endpoint local, Endpoint remote, Bytes message) -> send(local, remote, message);
                case IkeAction.Wake(Monotonic at, String _) -> wake = at;
                case IkeAction.Ask(long ask, IkeAction.Question question) -> ask(ask, question);
                case IkeAction.Note(IkeFact fact) -> note(fact);
                case IkeAction.SendKeepalive _,
                        IkeAction.InstallChild _,
                        IkeAction.UseOutbound _,
                        IkeAction.RemoveChild _,
                        IkeAction.MoveChild _,
                        IkeAction.ReleaseLease _ -> {}
            }
        }
    }

    private void note(IkeFact fact) {
        if (fact instanceof IkeFact.ChildUp child) {
            up.add(child.peer());
        } else if (fact instanceof IkeFact.IkeDown down && !up.contains(down.peer())) {
            failed++;
            if (failed < 4) {
                System.err.println(down);
            }
        }
    }

    private void ask(long ask, IkeAction.Question question) {
        switch (question) {
            case IkeAction.Question.OfKeyExchange key ->
                workers.execute(() -> answered(ask, KeyExchangeAnswers.to(key, exchanges)));
            case IkeAction.Question.OfIdentity identity -> identities.ask(identity, answer -> answered(ask, answer));
        }
    }

    private void answered(long ask, IkeEvent.Answer answer) {
        answers.add(new IkeEvent.Answered(ask, answer));
        selector.wakeup();
    }

    private void send(Endpoint local, Endpoint remote, Bytes message) throws IOException {
        DatagramChannel channel = sockets.get(local);
        if (channel == null) {
            return;
        }
        byte[] octets = message.toArray();
        ByteBuffer out = ByteBuffer.allocate(octets.length + MARKER);
        if (local.port() == NAT) {
            out.putInt(0);
        }
        out.put(octets).flip();
        channel.send(
                out,
                new InetSocketAddress(InetAddress.ofLiteral(remote.address().toString()), remote.port()));
    }

    private static Now now() {
        return new Now(new Monotonic(System.nanoTime()), Instant.now());
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }
}
