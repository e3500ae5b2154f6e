package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeFact.CertificateFault;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.ToyAnswers;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures that certificates vouch for: RFC 7296 sections 2.15, 3.6 and 3.7, RFC 7427. */
class CertificateTest {
    private static final Authentication OWN = new Authentication.Certificate("own");
    private static final Authentication TRUST = new Authentication.Certificate("trust");
    private static final Authentication KEY = new Authentication.PreSharedKey(Configs.KEY);
    private static final Identity LEFT = Identity.fqdn("left.example");
    private static final Identity RIGHT = Identity.fqdn("right.example");

    private static PeerConfig left(Authentication own, Authentication peers) {
        return config(Configs.left(), LEFT, RIGHT, own, peers);
    }

    private static PeerConfig right(Authentication own, Authentication peers) {
        return config(Configs.right(), RIGHT, LEFT, own, peers);
    }

    private static PeerConfig config(
            PeerConfig base, Identity local, Identity remote, Authentication own, Authentication peers) {
        return base.but()
                .localIdentity(local)
                .remoteIdentity(Optional.of(remote))
                .proofs(new Proofs(List.of(own), List.of(peers)))
                .build();
    }

    private static Pair pair(PeerConfig left, PeerConfig right) {
        Pair pair = new Pair(left, right);
        pair.left.answers.credential("own", LEFT, "authority").trust("trust", "authority");
        pair.right.answers.credential("own", RIGHT, "authority").trust("trust", "authority");
        return pair;
    }

    private static Pair certified() {
        return pair(left(OWN, TRUST), right(OWN, TRUST));
    }

    private static void connect(Pair pair) {
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
    }

    private static <Q extends Question> List<Q> asked(Pair.End end, Class<Q> kind) {
        return end.actions.stream()
                .filter(IkeAction.Ask.class::isInstance)
                .map(a -> ((IkeAction.Ask) a).question())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static void assertUp(Pair pair) {
        assertThat(pair.left.onlyChild().sa.inboundKey())
                .isEqualTo(pair.right.onlyChild().sa.outboundKey());
        assertThat(pair.left.last(IkeFact.IkeUp.class).remoteIdentity()).isEqualTo(RIGHT);
        assertThat(pair.right.last(IkeFact.IkeUp.class).remoteIdentity()).isEqualTo(LEFT);
    }

    private static void assertDown(Pair pair) {
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).isEmpty();
    }

    @Test
    void twoGatewaysWithCertificatesOfOneAuthorityConnect() {
        Pair pair = certified();
        connect(pair);
        assertUp(pair);
        assertThat(pair.left.last(IkeFact.IkeUp.class).provenBy()).containsExactly("toy digest as toy own");
        assertThat(pair.right.last(IkeFact.IkeUp.class).provenBy()).containsExactly("toy digest as toy own");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneEndMayProveItselfByAKeyAndTheOtherByACertificate(boolean leftSigns) {
        Pair pair = leftSigns ? pair(left(OWN, KEY), right(KEY, TRUST)) : pair(left(KEY, TRUST), right(OWN, KEY));
        connect(pair);
        assertUp(pair);
        assertThat(asked(leftSigns ? pair.right : pair.left, Question.Sign.class))
                .isEmpty();
        assertThat(asked(leftSigns ? pair.left : pair.right, Question.Verify.class))
                .isEmpty();
    }

    @Test
    void theChainTravelsWholeAndTheEndEntityFirst() {
        Pair pair = certified();
        connect(pair);
        Question.Verify verify = asked(pair.right, Question.Verify.class).getFirst();
        assertThat(verify.chain().certificates()).hasSize(2);
        assertThat(new String(verify.chain().certificates().getFirst().toArray(), StandardCharsets.UTF_8))
                .startsWith("toy certificate|");
        assertThat(verify.claimed()).isEqualTo(LEFT);
        assertThat(verify.trust()).isEqualTo("trust");
        assertThat(verify.octets())
                .isEqualTo(asked(pair.left, Question.Sign.class).getFirst().octets());
    }

    /** RFC 4806: each shows what its own issuer says of it today, for the other may have no way to ask. */
    @Test
    void eachShowsTheOcspResponseThatTheOtherAsksFor() {
        Pair pair = certified();
        connect(pair);
        assertUp(pair);
        for (Pair.End end : List.of(pair.left, pair.right)) {
            assertThat(asked(end, Question.Sign.class).getFirst().ocsp()).isTrue();
            assertThat(asked(end, Question.Verify.class).getFirst().chain().ocsp())
                    .contains(Bytes.utf8("toy status of own"));
        }
    }

    @Test
    void whoeverDoesNotAskForAnOcspResponseIsNotShownOne() {
        Pair pair = certified();
        FaultyPeer.on(pair, pair.left)
                .changes(
                        FaultyPeer.requests(ExchangeType.IKE_AUTH),
                        payloads -> payloads.stream()
                                .filter(p -> !(p instanceof Payload.CertificateRequest r
                                        && r.encoding() == Payload.Certificate.OCSP))
                                .toList());
        connect(pair);
        assertUp(pair);
        assertThat(asked(pair.right, Question.Sign.class).getFirst().ocsp()).isFalse();
        assertThat(asked(pair.left, Question.Verify.class).getFirst().chain().ocsp())
                .isEmpty();
    }

    @Test
    void hashesAreThoseThatThePeerNamedAndShaOneIsNotAmongThem() {
        Pair pair = certified();
        connect(pair);
        assertThat(asked(pair.left, Question.Sign.class).getFirst().scheme())
                .isEqualTo(new IkeAction.SignatureScheme.Ikev2(List.of(2, 3, 4, 5)));
        assertThat(Abilities.of(List.of(Payload.Notify.of(
                                NotifyType.SIGNATURE_HASH_ALGORITHMS, Bytes.ofInts(0, 1, 0, 3, 0, 3, 9, 9, 0))))
                        .signatureHashes())
                .containsExactly(3);
    }

    /** The responder knows who the peer is before it signs anything. */
    @Test
    void theResponderVerifiesBeforeItSigns() {
        Pair pair = certified();
        connect(pair);
        List<Question> order = pair.right.actions.stream()
                .filter(IkeAction.Ask.class::isInstance)
                .map(a -> ((IkeAction.Ask) a).question())
                .filter(q -> q instanceof Question.Sign || q instanceof Question.Verify)
                .toList();
        assertThat(order.getFirst()).isInstanceOf(Question.Verify.class);
        assertThat(order.getLast()).isInstanceOf(Question.Sign.class);
    }

    @ParameterizedTest
    @CsvSource({"CHAIN", "NAME", "REVOKED"})
    void aCertificateThatIsNotGoodEnoughIsRefusedBeforeAnythingOfOursIsProven(CertificateFault fault) {
        Pair pair = certified();
        spoil(pair.left.answers, fault, LEFT);
        if (fault == CertificateFault.REVOKED) {
            pair.right.answers.revoke("own");
        }
        connect(pair);
        assertDown(pair);
        assertThat(pair.right.last(IkeFact.Refused.class).why())
                .isEqualTo(new Failure.CertificateRefused(LEFT, fault, "a toy's"));
        assertThat(asked(pair.right, Question.Sign.class)).isEmpty();
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new Failure.AuthenticationFailed(true, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"CHAIN", "NAME", "REVOKED"})
    void aResponderWhoseCertificateIsNotGoodEnoughIsToldSo(CertificateFault fault) {
        Pair pair = certified();
        spoil(pair.right.answers, fault, RIGHT);
        if (fault == CertificateFault.REVOKED) {
            pair.left.answers.revoke("own");
        }
        connect(pair);
        assertDown(pair);
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new Failure.CertificateRefused(RIGHT, fault, "a toy's"));
        assertThat(pair.right.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new Failure.AuthenticationFailed(true, Optional.empty()));
    }

    private static void spoil(ToyAnswers answers, CertificateFault fault, Identity own) {
        if (fault == CertificateFault.CHAIN) {
            answers.credential("own", own, "stranger");
        } else if (fault == CertificateFault.NAME) {
            answers.credential("own", Identity.fqdn("somebody.else.example"), "authority");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMissingCredentialOfOursEndsTheAttempt(boolean left) {
        Authentication none = new Authentication.Certificate("none");
        Pair pair = left ? pair(left(none, TRUST), right(OWN, TRUST)) : pair(left(OWN, TRUST), right(none, TRUST));
        connect(pair);
        assertDown(pair);
        IkeFact.Failure why = left
                ? pair.left.last(IkeFact.IkeDown.class).why()
                : pair.right.last(IkeFact.Refused.class).why();
        assertThat(why).isEqualTo(new Failure.CredentialMissing("none", "no such toy"));
        assertThat(pair.left.last(IkeFact.IkeDown.class)).isNotNull();
    }

    @Test
    void whoProvesItselfInAnotherWayThanAskedIsRefused() {
        Pair pair = pair(left(KEY, TRUST), right(OWN, TRUST));
        connect(pair);
        assertDown(pair);
        assertThat(pair.right.last(IkeFact.Refused.class).why())
                .isEqualTo(new Failure.AuthenticationFailed(false, Optional.of(LEFT)));
    }

    /** Two connections on one pair of addresses, told apart by who calls and how it proves itself. */
    @Test
    void candidatesAreTriedUntilOneTrustsThePeer() {
        Pair pair = certified();
        PeerConfig strict = right(OWN, new Authentication.Certificate("others"))
                .but()
                .name("strict")
                .build();
        PeerConfig byKey = right(KEY, new Authentication.PreSharedKey(Secret.utf8("another")))
                .but()
                .name("byKey")
                .build();
        pair.right.answers.trust("others", "another authority");
        pair.right.on(new IkeEvent.Configure(List.of(byKey, strict, right(OWN, TRUST))));
        connect(pair);
        assertUp(pair);
        assertThat(pair.right.last(IkeFact.IkeUp.class).peer()).isEqualTo(Configs.PEER);
        assertThat(asked(pair.right, Question.Verify.class)).hasSize(2);
    }

    @Test
    void bothNameTheAuthoritiesThatTheyTrust() {
        Pair pair = certified();
        connect(pair);
        assertThat(asked(pair.left, Question.Authorities.class)).containsExactly(new Question.Authorities("trust"));
        assertThat(asked(pair.right, Question.Authorities.class)).containsExactly(new Question.Authorities("trust"));
    }

    @Test
    void answersThatComeLateOrTwiceChangeNothing() {
        Pair pair = certified();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.deliver(pair.take(pair.left));
        pair.deliver(pair.take(pair.right));
        Pair.InFlight auth = pair.take(pair.left);
        pair.right.holdAsks = true;
        pair.deliver(auth);
        IkeAction.Ask verify = pair.right.asks.getFirst();
        // The request once more, while the answer is awaited: no second question.
        pair.deliver(auth);
        assertThat(pair.right.asks).containsExactly(verify);
        // Another kind of answer, which speaks of success too, is none.
        pair.right.on(new IkeEvent.Answered(verify.ask(), new IkeEvent.Answer.Signed(14, Bytes.EMPTY, List.of())));
        pair.right.asks.clear();
        pair.right.holdAsks = false;
        pair.settle();
        assertDown(pair);
        pair.right.on(new IkeEvent.Answered(verify.ask(), new IkeEvent.Answer.Verified("toy", "toy")));
        pair.settle();
        assertDown(pair);
    }
}
