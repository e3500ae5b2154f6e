package io.sallyport.ike;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.ike.IkeAction.EapStep;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeEvent.EapConversation;
import io.sallyport.ike.IkeEvent.EapResult;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.wire.Address;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * An EAP method (RFC 3748) in three rounds: who are you, here is a challenge, what is its digest. It makes a key unless told
 * not to.
 */
public final class ToyEap {
    public static final String METHOD = "EAP-TOY";

    private static final int REQUEST = 1;
    private static final int RESPONSE = 2;
    private static final int SUCCESS = 3;
    private static final int FAILURE = 4;
    private static final int TYPE_IDENTITY = 1;
    private static final int TYPE_TOY = 200;

    private record Server(int round, int identifier, String user) implements EapConversation {}

    private record Client(Optional<Bytes> challenge) implements EapConversation {}

    private record Login(String user, String password) {}

    private final SequencedMap<String, SequencedMap<String, String>> users = new LinkedHashMap<>();
    private final SequencedMap<String, Login> logins = new LinkedHashMap<>();
    private final SequencedMap<String, List<Address>> framed = new LinkedHashMap<>();
    private Optional<Duration> sessionTimeout = Optional.empty();
    private boolean keyless;
    private boolean endless;

    /** As server: the directory {@code name} knows this user. */
    public ToyEap user(String name, String user, String password) {
        users.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(user, password);
        return this;
    }

    /** As client: what goes by {@code name}. */
    public ToyEap login(String name, String user, String password) {
        logins.put(name, new Login(user, password));
        return this;
    }

    /** The directory demands these addresses for the user. */
    public ToyEap framed(String user, Address... addresses) {
        framed.put(user, List.of(addresses));
        return this;
    }

    /** How long a proof lasts. */
    public ToyEap sessionTimeout(Duration after) {
        sessionTimeout = Optional.of(after);
        return this;
    }

    /** From now on the method makes no key. */
    public void keyless() {
        keyless = true;
    }

    /** From now on the server asks for one more digest, and one more. */
    public void endless() {
        endless = true;
    }

    Answer.OfIdentity server(EapStep step) {
        if (step.conversation().isEmpty()) {
            return Answer.EapNext.of(new Server(1, 1, ""), packet(REQUEST, 1, TYPE_IDENTITY, Bytes.EMPTY));
        }
        Server at = (Server) step.conversation().get();
        Bytes received = step.received().orElseThrow();
        if (received.size() < 5 || received.at(0) != RESPONSE || received.at(1) != at.identifier) {
            return serverFails(at, at.user, "not an answer to what was asked");
        }
        int next = at.identifier + 1 & 0xff;
        if (at.round == 1) {
            String user = new String(received.slice(5, received.size()).toArray(), StandardCharsets.UTF_8);
            return challenge(new Server(2, next, user));
        }
        String password = users.getOrDefault(step.name(), new LinkedHashMap<>()).getOrDefault(at.user, "");
        Bytes challenge = challengeOf(at);
        if (password.isEmpty() || !received.slice(5, received.size()).equals(digest(password, challenge))) {
            return serverFails(at, at.user, "wrong password");
        }
        return endless
                ? challenge(new Server(2, next, at.user))
                : new Answer.EapDone(bare(SUCCESS, at.identifier), result(at.user, password, challenge));
    }

    private static Answer.OfIdentity challenge(Server at) {
        return Answer.EapNext.of(at, packet(REQUEST, at.identifier, TYPE_TOY, challengeOf(at)));
    }

    private static Bytes challengeOf(Server at) {
        return Bytes.utf8("challenge " + at.identifier + " for " + at.user);
    }

    private static Answer.OfIdentity serverFails(Server at, String user, String detail) {
        return new Answer.EapFailed(bare(FAILURE, at.identifier), new Failure.EapRefused(METHOD, user, detail, false));
    }

    Answer.OfIdentity client(EapStep step) {
        Login login = logins.get(step.name());
        if (login == null) {
            return new Answer.EapFailed(Bytes.EMPTY, new Failure.CredentialMissing(step.name(), "no such login"));
        }
        Bytes received = step.received().orElseThrow();
        Optional<Bytes> challenge = step.conversation().flatMap(c -> ((Client) c).challenge);
        if (received.size() >= 4 && received.at(0) == SUCCESS) {
            // RFC 3748 section 4.2: a success that no method has earned is no success.
            return challenge.isEmpty()
                    ? clientFails(login, "success before the method ended", false)
                    : new Answer.EapDone(Bytes.EMPTY, result(login.user, login.password, challenge.get()));
        }
        if (received.size() < 5 || received.at(0) != REQUEST) {
            return clientFails(login, "refused", true);
        }
        int identifier = received.at(1);
        if (received.at(4) == TYPE_IDENTITY) {
            return Answer.EapNext.of(
                    new Client(Optional.empty()), packet(RESPONSE, identifier, TYPE_IDENTITY, Bytes.utf8(login.user)));
        }
        Bytes asked = received.slice(5, received.size());
        return Answer.EapNext.of(
                new Client(Optional.of(asked)), packet(RESPONSE, identifier, TYPE_TOY, digest(login.password, asked)));
    }

    private static Answer.OfIdentity clientFails(Login login, String detail, boolean byPeer) {
        return new Answer.EapFailed(Bytes.EMPTY, new Failure.EapRefused(METHOD, login.user, detail, byPeer));
    }

    Answer.OfIdentity check(Question.CheckPassword question) {
        String password =
                users.getOrDefault(question.name(), new LinkedHashMap<>()).getOrDefault(question.user(), "");
        return !password.isEmpty() && Secret.utf8(password).equals(question.password())
                ? new Answer.PasswordFits(new EapResult(
                        "XAuth",
                        question.user(),
                        Optional.empty(),
                        framed.getOrDefault(question.user(), List.of()),
                        sessionTimeout))
                : new Answer.Refused(new Failure.EapRefused("XAuth", question.user(), "wrong password", false));
    }

    private EapResult result(String user, String password, Bytes challenge) {
        Bytes msk = Bytes.concat(digest(password + " high", challenge), digest(password + " low", challenge));
        return new EapResult(
                METHOD,
                user,
                keyless ? Optional.empty() : Optional.of(Secret.wrap(msk.toArray())),
                framed.getOrDefault(user, List.of()),
                sessionTimeout);
    }

    private static Bytes digest(String password, Bytes challenge) {
        return ToyAnswers.digest(password, challenge);
    }

    /** Code, identifier, length, type, data. */
    private static Bytes packet(int code, int identifier, int type, Bytes data) {
        int length = 5 + data.size();
        return Bytes.concat(Bytes.ofInts(code, identifier, length >>> 8, length & 0xff, type), data);
    }

    /** EAP-Success, made up by nobody who may. */
    public static Bytes success(int identifier) {
        return bare(SUCCESS, identifier);
    }

    private static Bytes bare(int code, int identifier) {
        return Bytes.ofInts(code, identifier, 0, 4);
    }
}
