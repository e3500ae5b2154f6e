package io.sallyport.engine.identity;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.IkeAction.EapStep;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeEvent.EapConversation;
import io.sallyport.ike.IkeEvent.EapResult;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.os.NetworkNamespaces;
import io.sallyport.radius.Accounting;
import io.sallyport.radius.RadiusClient;
import io.sallyport.radius.RadiusServer;
import io.sallyport.radius.UdpTransport;
import io.sallyport.radius.Verdict;
import io.sallyport.wire.Endpoint;
import java.net.DatagramSocket;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** RADIUS servers decide: EAP is passed through to them, passwords are shown to them, sessions are told to them. */
final class RadiusAnswers implements AutoCloseable {
    private static final int ROUNDS_MAX = 50;
    /** What fits into one request with everything else. */
    private static final int PACKET_MAX = 3_500;

    private static final int EAP_RESPONSE = 2;

    private final Entropy entropy;
    private final Clock clock;
    private final Sessions sessions;
    private volatile SequencedMap<String, Asked> directories = new LinkedHashMap<>();

    /** Whom a directory asks. */
    private record Asked(IdentityPlan.Radius plan, RadiusClient client, Optional<Accounting> accounting) {}

    /** A conversation under way. */
    private static final class Passing implements EapConversation {
        private final RadiusClient.Caller caller;
        private final RadiusClient.Conversation talk;
        private final Asked asked;
        private int rounds;
        private int method;

        Passing(RadiusClient.Caller caller, Asked asked) {
            this.caller = caller;
            this.talk = asked.client().converse(caller);
            this.asked = asked;
        }
    }

    RadiusAnswers(Entropy entropy, Clock clock, Sessions sessions) {
        this.entropy = entropy;
        this.clock = clock;
        this.sessions = sessions;
    }

    void configure(List<IdentityPlan.Directory> wanted) {
        SequencedMap<String, Asked> before = directories;
        SequencedMap<String, Asked> next = new LinkedHashMap<>();
        for (IdentityPlan.Directory each : wanted) {
            if (each.radius().isPresent()) {
                Asked known = before.get(each.name());
                next.put(
                        each.name(),
                        known != null && known.plan().equals(each.radius().get())
                                ? known
                                : begin(each.radius().get()));
            }
        }
        directories = next;
        before.values().stream()
                .filter(a -> !next.containsValue(a))
                .forEach(a -> a.accounting().ifPresent(accounting -> sessions.tell(accounting::off)));
    }

    private Asked begin(IdentityPlan.Radius plan) {
        List<RadiusServer> servers = plan.servers().stream()
                .map(s -> new RadiusServer(
                        s.endpoint(),
                        s.accountingPort(),
                        s.secret(),
                        s.score(),
                        s.local(),
                        s.netns(),
                        s.requireMessageAuthenticator()))
                .toList();
        RadiusClient client = new RadiusClient(
                servers,
                plan.nasIdentifier(),
                entropy,
                new UdpTransport(netns -> NetworkNamespaces.in(netns, () -> new DatagramSocket(null))),
                clock);
        Optional<Accounting> accounting =
                plan.accounting() ? Optional.of(new Accounting(client, clock)) : Optional.empty();
        accounting.ifPresent(a -> sessions.tell(a::on));
        return new Asked(plan, client, accounting);
    }

    /** May wait long. */
    Answer.OfIdentity serve(IdentityPlan.Directory directory, EapStep step) {
        if (step.conversation().isEmpty()) {
            Asked asked = directories.get(directory.name());
            return asked == null
                    ? EapFailures.of(step, "RADIUS", "there are no servers")
                    : Answer.EapNext.of(new Passing(caller(step.remote()), asked), question());
        }
        Bytes received = step.received().orElse(Bytes.EMPTY);
        if (!(step.conversation().get() instanceof Passing passing)
                || received.size() < 5
                || received.size() > PACKET_MAX
                || received.at(0) != EAP_RESPONSE
                || (received.at(2) << 8 | received.at(3)) != received.size()) {
            return EapFailures.of(step, "RADIUS", "an EAP packet that cannot be passed on");
        }
        synchronized (passing) {
            if (++passing.rounds > ROUNDS_MAX || passing.rounds == 1 && received.at(4) != 1) {
                return EapFailures.of(
                        step,
                        "RADIUS",
                        passing.rounds == 1 ? "the client did not say who it is" : "it has too many rounds");
            }
            try {
                return answer(passing, step, passing.talk.on(received));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return EapFailures.of(step, "RADIUS", "the gateway is stopping");
            }
        }
    }

    private RadiusClient.Caller caller(Endpoint remote) {
        return new RadiusClient.Caller(entropy.bytes(8).hex(), remote);
    }

    /** EAP-Request/Identity. */
    private Bytes question() {
        return Bytes.ofInts(1, entropy.bytes(1).at(0), 0, 5, 1);
    }

    private Answer.OfIdentity answer(Passing passing, EapStep step, Verdict verdict) {
        String user = passing.talk.user();
        return switch (verdict) {
            case Verdict.Challenge(Bytes eap)
            when eap.size() > 4 -> {
                passing.method = eap.at(4);
                yield Answer.EapNext.of(passing, eap);
            }
            case Verdict.Challenge _ -> EapFailures.of(step, "RADIUS", "the server sent no EAP packet");
            case Verdict.Accept accept
            when isSuccess(accept.eap()) -> {
                sessions.admitted(passing.asked.accounting(), passing.caller, accept);
                yield new Answer.EapDone(
                        accept.eap(),
                        new EapResult(
                                method(passing.method),
                                accept.user(),
                                accept.msk(),
                                accept.framed(),
                                accept.sessionTimeout()));
            }
            // RFC 3579 section 2.6.3: an accept without EAP-Success, or with anything else, lets nobody in.
            case Verdict.Accept _ -> EapFailures.of(step, "RADIUS", "the server accepts without EAP-Success");
            case Verdict.Reject reject ->
                new Answer.EapFailed(
                        reject.eap().size() == 4 && reject.eap().at(0) == 4 ? reject.eap() : EapFailures.packet(step),
                        new Failure.EapRefused(
                                method(passing.method),
                                user,
                                "the RADIUS server rejects it"
                                        + (reject.message().isEmpty() ? "" : ": " + reject.message()),
                                false));
            case Verdict.Silent(List<String> servers) -> EapFailures.of(step, new Failure.RadiusSilent(servers));
        };
    }

    private static boolean isSuccess(Bytes eap) {
        return eap.size() == 4 && eap.at(0) == 3;
    }

    private static String method(int type) {
        return switch (type) {
            case 13 -> "EAP-TLS by RADIUS";
            case 21 -> "EAP-TTLS by RADIUS";
            case 25 -> "PEAP by RADIUS";
            case 26 -> "EAP-MSCHAPv2 by RADIUS";
            default -> "EAP by RADIUS";
        };
    }

    /** May wait long. */
    Answer.OfIdentity check(IdentityPlan.Directory directory, Question.CheckPassword question) {
        String user = Bytes.utf8(question.user()).printable();
        Asked asked = directories.get(directory.name());
        if (asked == null) {
            return Answers.unable(question, "there are no servers");
        }
        RadiusClient.Caller caller = caller(question.remote());
        try {
            return switch (asked.client().password(caller, question.user(), question.password())) {
                case Verdict.Accept accept -> {
                    sessions.admitted(asked.accounting(), caller, accept);
                    yield new Answer.PasswordFits(new EapResult(
                            "XAuth by RADIUS",
                            accept.user(),
                            Optional.empty(),
                            accept.framed(),
                            accept.sessionTimeout()));
                }
                case Verdict.Challenge _ ->
                    new Answer.Refused(new Failure.EapRefused(
                            "XAuth by RADIUS", user, "the RADIUS server asks something that XAuth cannot", false));
                case Verdict.Reject reject ->
                    new Answer.Refused(new Failure.EapRefused(
                            "XAuth by RADIUS",
                            user,
                            "the RADIUS server rejects it"
                                    + (reject.message().isEmpty() ? "" : ": " + reject.message()),
                            false));
                case Verdict.Silent(List<String> servers) -> new Answer.Refused(new Failure.RadiusSilent(servers));
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answers.unable(question, "the gateway is stopping");
        }
    }

    /** Tells the servers that all sessions are over. */
    @Override
    public void close() {
        configure(List.of());
    }
}
