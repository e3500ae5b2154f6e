package io.sallyport.engine.control;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sallyport.base.Bytes;
import io.sallyport.crypto.JdkKeyExchanges;
import io.sallyport.engine.OsEntropy;
import io.sallyport.engine.Site;
import io.sallyport.engine.identity.Answers;
import io.sallyport.engine.path.PacketPath;
import io.sallyport.engine.path.PathConfig;
import io.sallyport.gateway.ConnectionStatus;
import io.sallyport.gateway.ConnectionStatus.State;
import io.sallyport.gateway.GatewayEvent;
import io.sallyport.gateway.IdentityPlan;
import io.sallyport.gateway.Planning;
import io.sallyport.gateway.Why;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.model.Connection;
import io.sallyport.model.Resources;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class ControlTest {
    private final List<Control> open = new ArrayList<>();

    /** A control thread with a path that stays in memory. */
    private final class Running {
        private final MemoryPath path = new MemoryPath();
        private final AtomicReference<PacketPath.Listener> listener = new AtomicReference<>();
        private final Control control;

        Running(String node) throws IOException {
            this(node, Answers.NOBODY);
        }

        Running(String node, Answers identities) throws IOException {
            control = new Control(
                    Site.node(node),
                    told -> {
                        listener.set(told);
                        return path;
                    },
                    new JdkKeyExchanges(new OsEntropy()),
                    new OsEntropy(),
                    identities);
            open.add(control);
        }

        Planning apply(String yaml) {
            return control.follow(Site.resources(yaml));
        }

        ConnectionStatus status() {
            return control.status().getFirst();
        }

        void hear(Endpoint local, Endpoint remote, Bytes message) {
            listener.get().ikeMessage(local, remote, message);
        }
    }

    @AfterEach
    void close() {
        open.forEach(Control::close);
    }

    @Test
    void whatIsAppliedRuns() throws IOException {
        Running hub = new Running(Site.NODE);
        assertThat(hub.apply(Site.YAML).left()).isEmpty();
        PathConfig config = hub.path.configs.getLast();
        assertThat(config.surfaces()).hasSize(1);
        assertThat(config.listeners().getFirst().natPort()).isEqualTo(4500);
        assertThat(config.tunnels().getFirst().peer()).isEqualTo("hub-to-branch");
    }

    @Test
    void whatTheMachineRefusesIsLeftOutAndRunsWhenItIsAskedAgain() throws IOException {
        Running hub = new Running(Site.NODE);
        hub.path.broken = true;
        Planning refused = hub.apply(Site.YAML);
        assertThat(refused.left().getFirst().reason()).isEqualTo(Planning.Reason.MACHINE);
        assertThat(refused.left().getFirst().message()).isEqualTo("device sp-hub: permission denied");
        assertThat(hub.control.status()).isEmpty();
        hub.path.broken = false;
        assertThat(hub.apply(Site.YAML).left()).isEmpty();
        assertThat(hub.control.status()).hasSize(1);
    }

    @Test
    void whatIsNotThereAnyMoreStops() throws IOException {
        Running hub = new Running(Site.NODE);
        hub.apply(Site.YAML);
        hub.control.follow(Resources.of(Site.resources(Site.YAML).all().stream()
                .filter(r -> !(r instanceof Connection))
                .toList()));
        assertThat(hub.control.status()).isEmpty();
        assertThat(hub.path.configs.getLast().tunnels()).isEmpty();
        assertThat(hub.path.configs.getLast().surfaces()).hasSize(1);
    }

    @Test
    void theSameAgainTouchesNothing() throws IOException {
        Running hub = new Running(Site.NODE);
        hub.apply(Site.YAML);
        int configs = hub.path.configs.size();
        hub.apply(Site.YAML);
        assertThat(hub.path.configs).hasSize(configs);
    }

    @Test
    void twoGatewaysFindEachOtherRenewTheirKeysAndPart() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        Running hub = new Running(Site.NODE);
        Running branch = new Running(mirrored(Site.NODE));
        join(hub, branch);
        hub.apply(Site.YAML);
        branch.apply(mirrored(Site.YAML)
                .replace("connectionType: IPsec", "connectionType: IPsec\n  connectionMode: ResponderOnly"));
        until(() -> hub.status().state() == State.CONNECTED && branch.status().state() == State.CONNECTED);
        assertThat(hub.path.installed.getLast().outboundKey())
                .isEqualTo(branch.path.installed.getLast().inboundKey());
        assertThat(hub.status().session().orElseThrow().suite().toString()).startsWith("AES-GCM-256");
        assertThat(hub.status().weaknesses()).isEmpty();
        until(() -> hub.status().bytesIn() == 1000);

        int children = hub.path.installed.size();
        assertThat(hub.control.rekey("hub-to-branch", GatewayEvent.Keys.CHILD)).isTrue();
        until(() -> hub.path.installed.size() > children && !hub.path.removed.isEmpty());
        assertThat(hub.status().state()).isEqualTo(State.CONNECTED);
        assertThat(hub.control.rekey("hub-to-branch", GatewayEvent.Keys.IKE)).isTrue();
        until(() -> hub.status().timeline().toString().contains("IkeRekeyed"));
        assertThat(hub.control.rekey("nobody", GatewayEvent.Keys.IKE)).isFalse();

        hub.control.close();
        until(() -> branch.status().state() != State.CONNECTED);
        assertThat(hub.path.closed).isTrue();
        assertThat(Why.of(branch.status()).sentence()).contains("closed connection 'hub-to-branch' itself");
        assertThat(log.list).isNotEmpty();
        for (ILoggingEvent event : List.copyOf(log.list)) {
            assertThat(event.getFormattedMessage()).doesNotContain("not-a-real");
        }
    }

    /** Accounting ends with what went through to the last packet. */
    @Test
    void beforeTheEndOfAnIkeSaIsToldWhatItsChildrenCarried() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Running hub = new Running(Site.NODE, new Listening(told));
        Running branch = new Running(mirrored(Site.NODE));
        join(hub, branch);
        hub.apply(Site.YAML);
        branch.apply(mirrored(Site.YAML)
                .replace("connectionType: IPsec", "connectionType: IPsec\n  connectionMode: ResponderOnly"));
        until(() -> hub.status().state() == State.CONNECTED && branch.status().state() == State.CONNECTED);
        branch.control.close();
        until(() -> told.contains("IkeDown"));
        assertThat(told.subList(0, told.indexOf("IkeDown"))).contains("1234 of 12 in, 600 of 6 out");
    }

    /** Writes down what it is told. */
    private record Listening(List<String> told) implements Answers {
        @Override
        public void configure(IdentityPlan plan) {}

        @Override
        public void ask(IkeAction.Question.OfIdentity question, Consumer<IkeEvent.Answer.OfIdentity> answer) {
            answer.accept(Answers.unable(question, "nobody here knows of identities"));
        }

        @Override
        public void release(String pool, String client) {}

        @Override
        public void noted(IkeFact fact) {
            told.add(fact.getClass().getSimpleName());
        }

        @Override
        public void counted(long child, long bytesIn, long packetsIn, long bytesOut, long packetsOut) {
            told.add(bytesIn + " of " + packetsIn + " in, " + bytesOut + " of " + packetsOut + " out");
        }

        @Override
        public void close() {}
    }

    @Test
    void differentKeysAreExplainedAtBothEnds() throws Exception {
        Running hub = new Running(Site.NODE);
        Running branch = new Running(mirrored(Site.NODE));
        join(hub, branch);
        branch.apply(mirrored(Site.YAML)
                .replace(Site.SECRET, "another-secret-0123456789")
                .replace("connectionType: IPsec", "connectionType: IPsec\n  connectionMode: ResponderOnly"));
        hub.apply(Site.YAML);
        until(() ->
                hub.status().trouble().isPresent() && branch.status().trouble().isPresent());
        assertThat(Why.of(hub.status()).sentence()).contains("does not accept the proof");
        assertThat(Why.of(branch.status()).sentence()).contains("another shared key");
    }

    @Test
    void algorithmsThatDoNotMeetAreLaidNextToEachOther() throws Exception {
        Running hub = new Running(Site.NODE);
        Running branch = new Running(mirrored(Site.NODE));
        join(hub, branch);
        branch.apply(mirrored(Site.YAML).replace("connectionType: IPsec", """
                        connectionType: IPsec
                          connectionMode: ResponderOnly
                          ipsecPolicies: [{ saLifeTimeSeconds: 3600, saDataSizeKilobytes: 1024, ipsecEncryption: DES3,
                            ipsecIntegrity: SHA1, ikeEncryption: AES192, ikeIntegrity: SHA384, dhGroup: DHGroup24,
                            pfsGroup: None }]"""));
        hub.apply(Site.withConnection("sallyport: { cryptoProfile: cnsa }"));
        until(() ->
                hub.status().trouble().isPresent() && branch.status().trouble().isPresent());
        Why.Explanation why = Why.of(branch.status());
        assertThat(why.sentence()).contains("no key exchange").contains("IKE_SA_INIT");
        assertThat(why.table().stream().filter(Why.Row::differs).map(Why.Row::what))
                .contains("key exchange");
        assertThat(Why.of(hub.status()).sentence()).contains("refused every algorithm");
    }

    @Test
    void aFullInboxDropsAndCounts() throws Exception {
        Inbox inbox = new Inbox();
        for (int i = 0; i < 40_000; i++) {
            inbox.offer(_ -> {});
        }
        assertThat(inbox.dropped()).isEqualTo(40_000 - 32_768);
    }

    @Test
    void noiseFromTheNetworkDisturbsNothing() throws Exception {
        Running hub = new Running(Site.NODE);
        hub.apply(Site.YAML);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 2_000; i++) {
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);
            hub.hear(Endpoint.of("192.0.2.1", 500), Endpoint.of("192.0.2.2", 500), Bytes.of(octets));
        }
        assertThat(hub.control.status()).hasSize(1);
    }

    /** Hub and branch change places: addresses and networks are swapped. */
    private static String mirrored(String yaml) {
        return yaml.replace("192.0.2.1", "@A")
                .replace("192.0.2.2", "192.0.2.1")
                .replace("@A", "192.0.2.2")
                .replace("10.1.", "@B")
                .replace("10.2.", "10.1.")
                .replace("@B", "10.2.");
    }

    private static void join(Running a, Running b) {
        a.path.network = sent -> b.hear(/* local= */ sent.remote(), /* remote= */ sent.local(), sent.message());
        b.path.network = sent -> a.hear(/* local= */ sent.remote(), /* remote= */ sent.local(), sent.message());
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1_500 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
