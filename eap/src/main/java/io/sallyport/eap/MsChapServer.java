package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/** EAP-MSCHAPv2 as server: one attempt, no change of passwords. */
public final class MsChapServer implements ServerMethod {
    public static final String NAME = "EAP-MSCHAPv2";

    private static final Bytes SERVER = Bytes.utf8("sallyport");
    private static final Secret NOBODY = Secret.utf8("nobody has this password");

    private final Users users;
    private final Entropy entropy;
    private Bytes challenge = Bytes.EMPTY;
    private int id;
    private Optional<Step> end = Optional.empty();

    /** Whose password is what. */
    public interface Users {
        Optional<Secret> password(String user);
    }

    public MsChapServer(Users users, Entropy entropy) {
        this.users = users;
        this.entropy = entropy;
    }

    @Override
    public int type() {
        return MsChapMessage.TYPE;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Bytes begin(String identity) {
        challenge = entropy.bytes(MsChap.CHALLENGE);
        id = entropy.bytes(1).at(0);
        return new MsChapMessage.Challenge(id, challenge, SERVER).write();
    }

    @Override
    public Step on(Bytes data) throws Malformed {
        return switch (MsChapMessage.answer(data)) {
            case MsChapMessage.Response response when end.isEmpty() && response.id() == id -> judge(response);
            case MsChapMessage.Success _ when end.isPresent() && end.get() instanceof Step.Proven proven -> proven;
            case MsChapMessage.Failure _ when end.isPresent() && end.get() instanceof Step.Refuse refuse -> refuse;
            case MsChapMessage.Response _,
                    MsChapMessage.Success _,
                    MsChapMessage.Failure _,
                    MsChapMessage.Challenge _ ->
                new Step.Refuse(
                        end.isPresent() && end.get() instanceof Step.Refuse refuse ? refuse.user() : "",
                        "an MSCHAPv2 message that does not belong there");
        };
    }

    private Step judge(MsChapMessage.Response response) {
        // Any octets may stand there; they are only looked up and hashed.
        String name = new String(response.name().toArray(), StandardCharsets.UTF_8);
        String bare = MsChap.withoutDomain(name);
        Optional<Secret> password = users.password(name).or(() -> users.password(bare));
        byte[] hash = MsChap.passwordHash(password.orElse(NOBODY));
        try {
            byte[] expected = MsChap.response(challenge, response.peerChallenge(), bare, hash);
            boolean fits = MessageDigest.isEqual(expected, response.ntResponse().toArray()) && password.isPresent();
            String user = response.name().printable();
            if (!fits) {
                String detail = password.isPresent() ? "the password is wrong" : "there is no such user";
                end = Optional.of(new Step.Refuse(user, detail));
                // RFC 2759 section 6: ERROR_AUTHENTICATION_FAILURE; R=0 allows no second attempt.
                return new Step.SayNo(
                        new MsChapMessage.Failure(
                                        id,
                                        Bytes.utf8("E=691 R=0 C=" + challenge.hex() + " V=3 M=Authentication failed"))
                                .write(),
                        user,
                        detail);
            }
            end = Optional.of(new Step.Proven(Bytes.EMPTY, user, MsChap.msk(hash, expected)));
            String proof = MsChap.authenticator(hash, expected, response.peerChallenge(), challenge, bare);
            return new Step.Say(new MsChapMessage.Success(id, Bytes.utf8(proof + " M=Welcome")).write());
        } finally {
            Arrays.fill(hash, (byte) 0);
        }
    }
}
