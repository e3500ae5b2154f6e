package io.sallyport.radius;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asks RADIUS servers. Every method may wait for half a minute and longer and is to be called from a thread that may. May be
 * used by many at a time.
 */
public final class RadiusClient {
    /** RFC 5080 section 2.2.1, and a little impatience: IKE clients wait half a minute. */
    private static final List<Duration> PATIENCE = List.of(
            Duration.ofMillis(2_000), Duration.ofMillis(2_800), Duration.ofMillis(3_920), Duration.ofMillis(5_488));

    private static final int VIRTUAL = 5;
    private static final int FRAMED = 2;
    /** Tells a server how long its EAP messages may be, so that IKE around them fits every path. */
    private static final int MTU = 1_100;

    private final Servers servers;
    private final String nasIdentifier;
    private final Entropy entropy;
    private final Transport transport;
    private final List<Duration> patience;

    public RadiusClient(
            List<RadiusServer> servers, String nasIdentifier, Entropy entropy, Transport transport, Clock clock) {
        this(servers, nasIdentifier, entropy, transport, clock, PATIENCE);
    }

    RadiusClient(
            List<RadiusServer> servers,
            String nasIdentifier,
            Entropy entropy,
            Transport transport,
            Clock clock,
            List<Duration> patience) {
        this.servers = new Servers(servers, clock);
        this.nasIdentifier = nasIdentifier;
        this.entropy = entropy;
        this.transport = transport;
        this.patience = patience;
    }

    /**
     * Who asks to be let in.
     *
     * @param sessionId ours, the same in accounting
     * @param remote where the client is
     */
    public record Caller(String sessionId, Endpoint remote) {
        List<Attribute> attributes() {
            return List.of(
                    Attribute.number(Attribute.SERVICE_TYPE, FRAMED),
                    Attribute.number(Attribute.NAS_PORT_TYPE, VIRTUAL),
                    Attribute.text(Attribute.CALLING_STATION, remote.address() + "[" + remote.port() + "]"),
                    Attribute.text(Attribute.ACCT_SESSION_ID, sessionId));
        }
    }

    /** A conversation of EAP: one server, from the client's name to the end. One step at a time. */
    public final class Conversation {
        private final Caller caller;
        private Optional<RadiusServer> server = Optional.empty();
        private List<Bytes> state = List.of();
        private String user = "";

        private Conversation(Caller caller) {
            this.caller = caller;
        }

        /** What the servers say to an EAP response of the client. */
        public synchronized Verdict on(Bytes eap) throws InterruptedException {
            if (server.isEmpty()) {
                user = identity(eap);
            }
            Function<Bytes, List<Attribute>> attributes = _ -> {
                List<Attribute> out = new ArrayList<>();
                out.add(Attribute.text(Attribute.USER_NAME, user));
                out.addAll(caller.attributes());
                out.add(Attribute.number(Attribute.FRAMED_MTU, MTU));
                for (int at = 0; at < eap.size(); at += Attribute.VALUE_MAX) {
                    out.add(new Attribute(
                            Attribute.EAP_MESSAGE, eap.slice(at, Math.min(eap.size(), at + Attribute.VALUE_MAX))));
                }
                state.forEach(s -> out.add(new Attribute(Attribute.STATE, s)));
                return out;
            };
            List<RadiusServer> asked = server.map(List::of).orElseGet(servers::order);
            return ask(asked, attributes, user, answered -> {
                server = Optional.of(answered.server());
                state = answered.answer().all(Attribute.STATE);
            });
        }

        /** As the client called itself. */
        public synchronized String user() {
            return user;
        }
    }

    public Conversation converse(Caller caller) {
        return new Conversation(caller);
    }

    /** Whether this is the user's password. */
    public Verdict password(Caller caller, String user, Secret password) throws InterruptedException {
        List<RadiusServer> order = servers.order();
        List<String> silent = new ArrayList<>();
        for (RadiusServer each : order) {
            Verdict verdict = ask(
                    List.of(each),
                    random -> {
                        List<Attribute> out = new ArrayList<>();
                        out.add(Attribute.text(Attribute.USER_NAME, user));
                        Authenticity.password(password, random, each.secret())
                                .ifPresent(hidden -> out.add(new Attribute(Attribute.USER_PASSWORD, hidden)));
                        out.addAll(caller.attributes());
                        return out;
                    },
                    user,
                    _ -> {});
            if (!(verdict instanceof Verdict.Silent(List<String> who))) {
                return verdict;
            }
            silent.addAll(who);
        }
        return new Verdict.Silent(silent);
    }

    /**
     * Tells usage; the answer is whether somebody took it down.
     *
     * @param attributes besides those that say who we are
     */
    boolean account(List<Attribute> attributes) throws InterruptedException {
        for (RadiusServer each : servers.order()) {
            List<Attribute> all = new ArrayList<>(attributes);
            all.addAll(ourselves(each));
            RadiusPacket request = Authenticity.accounting(entropy.bytes(1).at(0), all, each.secret());
            if (exchange(each, each.accounting(), request, new ArrayList<>()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private record Answered(RadiusServer server, RadiusPacket request, RadiusPacket answer) {}

    private Verdict ask(
            List<RadiusServer> asked,
            Function<Bytes, List<Attribute>> attributes,
            String user,
            java.util.function.Consumer<Answered> then)
            throws InterruptedException {
        List<String> silent = new ArrayList<>();
        for (RadiusServer each : asked) {
            Bytes random = entropy.bytes(Authenticity.SIZE);
            List<Attribute> all = new ArrayList<>(attributes.apply(random));
            all.addAll(ourselves(each));
            RadiusPacket request = Authenticity.access(entropy.bytes(1).at(0), random, all, each.secret());
            Optional<RadiusPacket> answer = exchange(each, each.endpoint(), request, silent);
            if (answer.isPresent()) {
                Answered answered = new Answered(each, request, answer.get());
                then.accept(answered);
                return VerdictReader.read(answered.answer(), answered.request(), each.secret(), user);
            }
        }
        return new Verdict.Silent(silent);
    }

    private List<Attribute> ourselves(RadiusServer server) {
        List<Attribute> out = new ArrayList<>();
        out.add(Attribute.text(Attribute.NAS_IDENTIFIER, nasIdentifier));
        server.local()
                .ifPresent(a -> out.add(new Attribute(
                        a.isIpv4() ? Attribute.NAS_IP_ADDRESS : Attribute.NAS_IPV6_ADDRESS, a.toBytes())));
        return out;
    }

    private Optional<RadiusPacket> exchange(
            RadiusServer server, Endpoint endpoint, RadiusPacket request, List<String> silent)
            throws InterruptedException {
        String[] wrong = {""};
        RadiusPacket[] found = new RadiusPacket[1];
        Bytes octets = request.write();
        if (octets.size() > RadiusPacket.SIZE_MAX) {
            silent.add(endpoint + " (the request is too large)");
            return Optional.empty();
        }
        try {
            Optional<Bytes> answer = transport.exchange(
                    server,
                    endpoint,
                    octets,
                    came -> {
                        try {
                            RadiusPacket packet = RadiusPacket.read(came);
                            if (packet.identifier() != request.identifier() || !answers(packet, request)) {
                                return false;
                            }
                            Authenticity.check(packet, request, server);
                            found[0] = packet;
                            return true;
                        } catch (Malformed e) {
                            wrong[0] = " (its answers are not heard: " + e.getMessage() + ")";
                            return false;
                        }
                    },
                    patience);
            if (answer.isPresent()) {
                servers.answered(server);
                return Optional.of(found[0]);
            }
            silent.add(endpoint + wrong[0]);
        } catch (IOException e) {
            silent.add(endpoint + " (" + e.getMessage() + ")");
        }
        servers.silent(server);
        return Optional.empty();
    }

    private static boolean answers(RadiusPacket packet, RadiusPacket request) {
        return request.code() == RadiusPacket.ACCOUNTING_REQUEST
                ? packet.code() == RadiusPacket.ACCOUNTING_RESPONSE
                : packet.code() == RadiusPacket.ACCESS_ACCEPT
                        || packet.code() == RadiusPacket.ACCESS_REJECT
                        || packet.code() == RadiusPacket.ACCESS_CHALLENGE;
    }

    /** What stands in an EAP-Response/Identity; a name of no other packet is known. */
    private static String identity(Bytes eap) {
        return eap.size() > 5 && eap.at(0) == 2 && eap.at(4) == 1
                ? eap.slice(5, eap.size()).printable()
                : "";
    }
}
