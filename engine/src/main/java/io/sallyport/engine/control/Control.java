package io.sallyport.engine.control;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.crypto.KeyExchanges;
import io.sallyport.engine.capture.Tap;
import io.sallyport.engine.identity.Answers;
import io.sallyport.engine.path.PacketPath;
import io.sallyport.engine.path.PathConfig;
import io.sallyport.gateway.ConnectionStatus;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.GatewayAction;
import io.sallyport.gateway.GatewayEvent;
import io.sallyport.gateway.Plan;
import io.sallyport.gateway.Planning;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.model.NodeFile;
import io.sallyport.model.ResourceId;
import io.sallyport.model.Resources;
import io.sallyport.model.VirtualNetworkGateway;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code control}. It owns the resources, the gateway machine and the packet path; everybody else puts work
 * into its inbox. What happens in it happens one after the other.
 */
public final class Control implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Control.class);
    private static final Duration COUNT_EVERY = Duration.ofSeconds(1);
    /** How long peers get to answer that they have heard the end. */
    private static final Duration FAREWELL = Duration.ofMillis(400);
    /** Longer than any change takes; beyond it the thread is stuck and the asker is told so. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    /** Whoever follows the store has the patience of a first start with thousands of handshakes. */
    private static final Duration FOLLOWER_WAITS = Duration.ofMinutes(5);

    private final Inbox inbox = new Inbox();
    private final NodeFile node;
    private final Gateway gateway;
    private final Workers workers;
    private final Answers identities;
    private final FactLog facts = new FactLog();
    private final OwnAddresses own = new OwnAddresses();
    private final PacketPath path;
    private final Thread thread;
    private Resources resources = Resources.NONE;
    private Plan plan = Plan.NONE;
    private PathConfig configured = PathPlan.of(Plan.NONE);
    private Map<String, String> tunnels = Map.of();
    private Monotonic wakeAt = Monotonic.NEVER;
    private Monotonic countAt;
    private volatile boolean running = true;

    /** How the machine runs, besides its connections. */
    public record Health(List<String> capabilities, List<PacketPath.NamedCount> counts, long inboxDropped) {}

    /** One that knows no identities besides shared keys. */
    public Control(NodeFile node, PathMaker paths, KeyExchanges exchanges, Entropy entropy) throws IOException {
        this(node, paths, exchanges, entropy, Answers.NOBODY);
    }

    /** @param identities is closed by whoever made it, after this */
    public Control(NodeFile node, PathMaker paths, KeyExchanges exchanges, Entropy entropy, Answers identities)
            throws IOException {
        this.node = node;
        this.identities = identities;
        this.gateway = new Gateway(entropy);
        this.workers = new Workers(exchanges, Math.max(2, Runtime.getRuntime().availableProcessors()));
        this.countAt = Inbox.now().in(COUNT_EVERY);
        this.path = paths.make(new Told());
        this.thread = Thread.ofPlatform().name("control").unstarted(this::loop);
        thread.start();
    }

    public List<ConnectionStatus> status() {
        return ask(gateway::status);
    }

    /** Those whose status may have changed since this was last asked. */
    public List<ConnectionStatus> changedStatus() {
        return ask(gateway::changed, FOLLOWER_WAITS);
    }

    public Optional<ConnectionStatus> status(String connection) {
        return ask(now -> gateway.status(connection, now));
    }

    /** Where captures look at packets; may be used from any thread. */
    public Tap tap() {
        return path.tap();
    }

    /** The public address of a gateway that runs. */
    public Optional<Address> addressOf(ResourceId gateway) {
        return ask(_ -> resources
                .find(gateway)
                .filter(r -> r instanceof VirtualNetworkGateway)
                .flatMap(r -> resources.publicAddressOf((VirtualNetworkGateway) r))
                .map(a -> a.address().value())
                .filter(a -> plan.listeners().stream().anyMatch(l -> l.address().equals(a))));
    }

    public NodeFile node() {
        return node;
    }

    /** Closes a connection and begins anew; false when there is no such connection. */
    public boolean reset(String connection) {
        return ask(now -> {
            boolean known = gateway.status(connection, now).isPresent();
            drive(new GatewayEvent.Reset(connection), now);
            return known;
        });
    }

    public Health health() {
        return ask(_ -> new Health(path.capabilities(), path.counts(), inbox.dropped()), FOLLOWER_WAITS);
    }

    /** Asks for new keys; false when there is no such connection. */
    public boolean rekey(String connection, GatewayEvent.Keys keys) {
        return ask(now -> {
            boolean known = gateway.status(connection, now).isPresent();
            drive(new GatewayEvent.Rekey(connection, keys), now);
            return known;
        });
    }

    /**
     * Runs as much of {@code wanted} as this machine can; what is wrong with one resource leaves out that one.
     *
     * @return what runs now, and what was left out and why
     */
    public Planning follow(Resources wanted) {
        return ask(
                now -> {
                    List<Planning.Left> refused = new ArrayList<>();
                    Planning next = Planning.of(wanted, node, refused);
                    while (true) {
                        try {
                            run(next.plan(), now);
                            resources = wanted;
                            return next;
                        } catch (IOException e) {
                            List<Planning.Left> culprits = Culprits.of(e, next.plan(), plan, wanted);
                            if (culprits.isEmpty()) {
                                throw new IllegalStateException(
                                        "what ran before does not run any more: " + e.getMessage(), e);
                            }
                            LOG.debug("this machine refuses: {}", e.getMessage());
                            refused.addAll(culprits);
                            next = Planning.of(wanted, node, refused);
                        }
                    }
                },
                FOLLOWER_WAITS);
    }

    /** When the machine refuses, everything is as before. */
    private void run(Plan next, Now now) throws IOException {
        Plan before = plan;
        PathConfig first = PathPlan.withListenersOf(next, before);
        if (!first.equals(configured)) {
            path.configure(own.in(first));
            configured = first;
        }
        plan = next;
        tunnels = plan.tunnelsByPeer();
        identities.configure(plan.identities());
        drive(new GatewayEvent.Apply(plan), now);
        if (!plan.listeners().containsAll(before.listeners())) {
            try {
                PathConfig last = PathPlan.of(plan);
                path.configure(own.in(last));
                configured = last;
            } catch (IOException e) {
                LOG.warn("sockets that are no longer needed stay open: {}", e.getMessage());
            }
        }
    }

    /** Runs {@code question} on the control thread. */
    private <T> T ask(Function<Now, T> question) {
        return ask(question, ANSWER_WITHIN);
    }

    private <T> T ask(Function<Now, T> question, Duration within) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            inbox.put(now -> {
                try {
                    answer.complete(question.apply(now));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
            return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the control thread was asked", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the control thread failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the control thread does not answer", e);
        }
    }

    private void loop() {
        while (running) {
            try {
                step();
            } catch (InterruptedException e) {
                running = false;
            } catch (RuntimeException e) {
                LOG.error("an event failed; this is a bug, and the gateway goes on", e);
            }
        }
    }

    private void step() throws InterruptedException {
        Now now = Inbox.now();
        Monotonic next = wakeAt.earlier(countAt);
        Inbox.Work work = inbox.poll(next.equals(Monotonic.NEVER) ? COUNT_EVERY : next.since(now.at()));
        now = Inbox.now();
        if (work != null) {
            work.run(now);
        }
        if (wakeAt.isDue(now)) {
            wakeAt = Monotonic.NEVER;
            drive(new GatewayEvent.Deadline(), now);
        }
        if (countAt.isDue(now)) {
            countAt = now.in(COUNT_EVERY);
            count(now);
        }
    }

    private void count(Now now) {
        List<GatewayEvent.Traffic> traffic =
                path.counters().stream().map(Control::traffic).toList();
        drive(new GatewayEvent.Counted(traffic), now);
        traffic.forEach(this::account);
    }

    private void account(GatewayEvent.Traffic traffic) {
        identities.counted(
                traffic.childId(), traffic.bytesIn(), traffic.packetsIn(), traffic.bytesOut(), traffic.packetsOut());
    }

    private static GatewayEvent.Traffic traffic(PacketPath.ChildCounters c) {
        return new GatewayEvent.Traffic(c.childId(), c.bytesIn(), c.packetsIn(), c.bytesOut(), c.packetsOut());
    }

    private void drive(GatewayEvent event, Now now) {
        List<GatewayAction> actions = gateway.on(event, now);
        // The end of a session is told with what went through it to the last packet, and the fact of it may come first.
        for (GatewayAction action : actions) {
            if (action instanceof GatewayAction.Ike(IkeAction.RemoveChild remove)) {
                path.counters(remove.childId()).map(Control::traffic).ifPresent(this::account);
            }
        }
        for (GatewayAction action : actions) {
            switch (action) {
                case GatewayAction.Wake wake -> wakeAt = wake.at();
                case GatewayAction.Ike(IkeAction inner) -> carryOut(inner);
                case GatewayAction.OwnAddresses(String tunnel, List<Address> addresses) -> own(tunnel, addresses);
            }
        }
    }

    private void own(String tunnel, List<Address> addresses) {
        for (Address address : addresses) {
            OwnAddresses.refusal(tunnel, address, configured)
                    .ifPresent(
                            why -> LOG.warn("{}: the peer gives us {}, which is not used: {}", tunnel, address, why));
        }
        own.set(tunnel, addresses);
        try {
            path.configure(own.in(configured));
        } catch (IOException e) {
            LOG.warn(
                    "{}: the addresses {} that the peer gives us cannot be used: {}",
                    tunnel,
                    addresses,
                    e.getMessage());
            own.set(tunnel, List.of());
        }
    }

    private void carryOut(IkeAction action) {
        switch (action) {
            case IkeAction.Send send -> path.send(send.local(), send.remote(), send.message());
            case IkeAction.SendKeepalive keepalive -> path.sendKeepalive(keepalive.local(), keepalive.remote());
            case IkeAction.Ask ask -> carryOut(ask);
            case IkeAction.InstallChild install -> install(install);
            case IkeAction.UseOutbound use -> path.useOutbound(use.childId());
            case IkeAction.RemoveChild remove -> path.remove(remove.childId(), remove.linger());
            case IkeAction.MoveChild move -> path.move(move.childId(), move.local(), move.remote());
            case IkeAction.ReleaseLease release -> identities.release(release.pool(), release.client());
            case IkeAction.Note note -> {
                facts.write(note.fact(), Inbox.now());
                identities.noted(note.fact());
            }
            case IkeAction.Wake _ -> throw new IllegalStateException("the gateway keeps wakes to itself");
        }
    }

    private void install(IkeAction.InstallChild install) {
        ChildSa child = install.child();
        String tunnel = tunnels.get(child.peer());
        path.install(tunnel == null ? child : child.of(tunnel), install.outbound());
    }

    private void carryOut(IkeAction.Ask ask) {
        switch (ask.question()) {
            case IkeAction.Question.OfKeyExchange key -> workers.ask(key, answer -> answered(ask.ask(), answer));
            case IkeAction.Question.OfIdentity identity ->
                identities.ask(identity, answer -> answered(ask.ask(), answer));
        }
    }

    /** Comes from whoever was asked, or from the control thread itself when there are too many questions. */
    private void answered(long ask, IkeEvent.Answer answer) {
        Inbox.Work work = now -> drive(new GatewayEvent.Ike(new IkeEvent.Answered(ask, answer)), now);
        if (Thread.currentThread() == thread) {
            inbox.offer(work);
            return;
        }
        try {
            inbox.put(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(IkeEvent event) {
        inbox.offer(now -> drive(new GatewayEvent.Ike(event), now));
    }

    /** Closes every connection politely, then everything else. */
    @Override
    public void close() {
        if (!running) {
            return;
        }
        inbox.offer(now -> drive(new GatewayEvent.Stop(), now));
        try {
            Thread.sleep(FAREWELL.toMillis());
            inbox.offer(_ -> running = false);
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = false;
        path.close();
        workers.close();
    }

    /** What packet threads say; each goes into the inbox and nothing waits. */
    private final class Told implements PacketPath.Listener {
        @Override
        public void ikeMessage(Endpoint local, Endpoint remote, Bytes message) {
            tell(new IkeEvent.Datagram(local, remote, message));
        }

        @Override
        public void firstInbound(long childId) {
            tell(new IkeEvent.FirstInbound(childId));
        }

        @Override
        public void softLimit(long childId) {
            tell(new IkeEvent.RekeyChild(childId));
        }

        @Override
        public void hardLimit(long childId) {
            tell(new IkeEvent.ExpireChild(childId));
        }

        @Override
        public void peerMoved(long childId, Endpoint remote) {
            tell(new IkeEvent.PeerMoved(childId, remote));
        }

        @Override
        public void alive(String peer) {
            tell(new IkeEvent.Alive(peer));
        }

        @Override
        public void unknownSpi(Endpoint local, Endpoint remote, int spi) {
            tell(new IkeEvent.UnknownSpi(local, remote, spi));
        }

        @Override
        public void wanted(String peer) {
            inbox.offer(now -> drive(new GatewayEvent.Wanted(peer), now));
        }

        @Override
        public void failed(String what) {
            LOG.error("the packet path failed: {}", what);
        }
    }
}
