package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EAP-MSCHAPv2 as client. A server's success is believed only after its challenge was answered, and only with the proof that
 * it knows the password too (CVE-2015-8023).
 */
public final class MsChapClient implements ClientMethod {
    private static final Pattern ERROR = Pattern.compile("E=(\\d{1,5})");

    private final String user;
    private final Secret password;
    private final Entropy entropy;
    private Optional<Sent> sent = Optional.empty();

    private record Sent(Bytes challenge, Bytes peerChallenge, Bytes response) {}

    public MsChapClient(String user, Secret password, Entropy entropy) {
        this.user = user;
        this.password = password;
        this.entropy = entropy;
    }

    @Override
    public int type() {
        return MsChapMessage.TYPE;
    }

    @Override
    public String name() {
        return MsChapServer.NAME;
    }

    @Override
    public Step on(Bytes data) throws Malformed {
        return switch (MsChapMessage.request(data)) {
            case MsChapMessage.Challenge challenge -> answer(challenge);
            case MsChapMessage.Success success when sent.isPresent() -> believe(success, sent.get());
            case MsChapMessage.Failure failure
            when sent.isPresent() -> {
                sent = Optional.empty();
                yield new Step.Quit(new MsChapMessage.Failure(0, Bytes.EMPTY).write(), reason(failure.text()), true);
            }
            case MsChapMessage.Success _, MsChapMessage.Failure _, MsChapMessage.Response _ ->
                new Step.Refuse(user, "the server sent an MSCHAPv2 message that does not belong there");
        };
    }

    private Step answer(MsChapMessage.Challenge challenge) {
        Bytes peer = entropy.bytes(MsChap.CHALLENGE);
        byte[] hash = MsChap.passwordHash(password);
        Bytes response = Bytes.wrap(MsChap.response(challenge.challenge(), peer, MsChap.withoutDomain(user), hash));
        sent = Optional.of(new Sent(challenge.challenge(), peer, response));
        return new Step.Say(new MsChapMessage.Response(challenge.id(), peer, response, Bytes.utf8(user)).write());
    }

    private Step believe(MsChapMessage.Success success, Sent before) {
        byte[] hash = MsChap.passwordHash(password);
        byte[] response = before.response().toArray();
        byte[] expected = MsChap.authenticator(
                        hash, response, before.peerChallenge(), before.challenge(), MsChap.withoutDomain(user))
                .getBytes(StandardCharsets.US_ASCII);
        Bytes text = success.text();
        boolean fits = text.size() >= expected.length
                && MessageDigest.isEqual(
                        expected, text.slice(0, expected.length).toArray());
        if (!fits) {
            return new Step.Refuse(user, "the server did not prove that it knows the password");
        }
        return new Step.Proven(new MsChapMessage.Success(0, Bytes.EMPTY).write(), user, MsChap.msk(hash, response));
    }

    private static String reason(Bytes text) {
        Matcher error = ERROR.matcher(text.printable());
        String code = error.find() ? error.group(1) : "none";
        return switch (code) {
            case "691" -> "the server says that name or password is wrong (error 691)";
            case "647" -> "the server says that the account is disabled (error 647)";
            case "648" -> "the server says that the password has expired (error 648)";
            case "649" -> "the server says that the account may not dial in (error 649)";
            case "646" -> "the server says that the account may not log in at this hour (error 646)";
            default -> "the server refused it (error " + code + ")";
        };
    }
}
