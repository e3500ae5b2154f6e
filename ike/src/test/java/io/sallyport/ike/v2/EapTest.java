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
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.ToyEap;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadType;
import io.sallyport.ike.v2.message.ProtectedMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** EAP in IKE_AUTH (RFC 7296 section 2.16), several proofs (RFC 4739), and EAP alone (RFC 5998). */
class EapTest {
    private static final Authentication LOGIN = new Authentication.Eap("login");
    private static final Authentication USERS = new Authentication.Eap("users");
    private static final Authentication OWN = new Authentication.Certificate("own");
    private static final Authentication TRUST = new Authentication.Certificate("trust");
    private static final Authentication KEY = new Authentication.PreSharedKey(Configs.KEY);
    private static final Identity LEFT = Identity.fqdn("left.example");
    private static final Identity RIGHT = Identity.fqdn("right.example");
    private static final Predicate<ProtectedMessage> EAP_RESPONSES =
            FaultyPeer.responses(ExchangeType.IKE_AUTH).and(FaultyPeer.carrying(PayloadType.EAP));

    private static PeerConfig left(List<Authentication> own, List<Authentication> peers) {
        return config(Configs.left(), LEFT, RIGHT, own, peers);
    }

    private static PeerConfig right(List<Authentication> own, List<Authentication> peers) {
        return config(Configs.right(), RIGHT, LEFT, own, peers);
    }

    private static PeerConfig config(
            PeerConfig base, Identity local, Identity remote, List<Authentication> own, List<Authentication> peers) {
        return base.but()
                .localIdentity(local)
                .remoteIdentity(Optional.of(remote))
                .proofs(new Proofs(own, peers))
                .build();
    }

    private static Pair pair(PeerConfig left, PeerConfig right) {
        Pair pair = new Pair(left, right);
        pair.left.answers.credential("own", LEFT, "authority").trust("trust", "authority");
        pair.right.answers.credential("own", RIGHT, "authority").trust("trust", "authority");
        pair.left.answers.eap().login("login", "alice", "sesame");
        pair.right.answers.eap().user("users", "alice", "sesame");
        return pair;
    }

    private static Pair ordinary() {
        return pair(left(List.of(LOGIN), List.of(TRUST)), right(List.of(OWN), List.of(USERS)));
    }

    private static void connect(Pair pair) {
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
    }

    private static void assertUp(Pair pair) {
        assertThat(pair.left.onlyChild().sa.inboundKey())
                .isEqualTo(pair.right.onlyChild().sa.outboundKey());
        assertThat(pair.right.onlyChild().sa.peer()).isEqualTo(Configs.PEER);
    }

    private static void assertDown(Pair pair) {
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
    }

    private static List<? extends Question> asked(Pair.End end, Class<? extends Question> kind) {
        return end.actions.stream()
                .filter(IkeAction.Ask.class::isInstance)
                .map(a -> ((IkeAction.Ask) a).question())
                .filter(kind::isInstance)
                .toList();
    }

    private static Failure refused(Pair pair) {
        return pair.right.last(IkeFact.Refused.class).why();
    }

    private static Failure down(Pair pair) {
        return pair.left.last(IkeFact.IkeDown.class).why();
    }

    @Test
    void aUserProvesItselfByEapAndTheGatewayByItsCertificate() {
        Pair pair = ordinary();
        connect(pair);
        assertUp(pair);
        assertThat(pair.right.last(IkeFact.IkeUp.class).provenBy()).containsExactly("EAP-TOY as alice");
        assertThat(pair.left.last(IkeFact.IkeUp.class).provenBy()).containsExactly("toy digest as toy own");
    }

    @Test
    void theGatewayMayProveItselfByAKeyInstead() {
        Pair pair = pair(left(List.of(LOGIN), List.of(KEY)), right(List.of(KEY), List.of(USERS)));
        connect(pair);
        assertUp(pair);
    }

    @Test
    void aWrongPasswordIsRefusedWithTheMethodsName() {
        Pair pair = ordinary();
        pair.left.answers.eap().login("login", "alice", "guess");
        connect(pair);
        assertDown(pair);
        assertThat(refused(pair)).isEqualTo(new Failure.EapRefused("EAP-TOY", "alice", "wrong password", false));
        assertThat(down(pair)).isEqualTo(new Failure.EapRefused("EAP-TOY", "alice", "refused", true));
    }

    /** A telephone that waits for its user's thumb, or one that does not trust us, leaves no other trace. */
    @Test
    void whoFallsSilentInTheMiddleIsRemembered() {
        Pair pair = ordinary();
        // From message id 3 on nothing arrives.
        pair.onDelivery = d -> d.filter(x -> x.message().at(23) < 3);
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        pair.pass(Duration.ofMinutes(3));
        assertThat(refused(pair)).isEqualTo(new Failure.FellSilent(LEFT, "EAP type 200", 2));
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    /** CVE-2015-4171: whoever is not the gateway, however well it proves that, is told nothing about the user. */
    @ParameterizedTest
    @ValueSource(strings = {"identity", "chain", "key"})
    void credentialsAreUsedOnlyAfterTheGatewayHasProvenItself(String wrong) {
        Pair pair = switch (wrong) {
            case "identity" ->
                pair(
                        left(List.of(LOGIN), List.of(TRUST)),
                        right(List.of(OWN), List.of(USERS))
                                .but()
                                .localIdentity(Identity.fqdn("evil.example"))
                                .build());
            case "chain" -> ordinary();
            default ->
                pair(
                        left(List.of(LOGIN), List.of(KEY)),
                        right(List.of(new Authentication.PreSharedKey(Secret.utf8("guess"))), List.of(USERS)));
        };
        if (wrong.equals("chain")) {
            pair.right.answers.credential("own", RIGHT, "stranger");
        }
        connect(pair);
        assertDown(pair);
        assertThat(asked(pair.left, Question.EapClient.class)).isEmpty();
        assertThat(down(pair)).isNotInstanceOf(Failure.EapRefused.class);
    }

    /** CVE-2021-45079: success that no method has earned, and an end of IKE_AUTH without the method's key. */
    @Test
    void anEarlySuccessIsNone() {
        Pair pair = ordinary();
        FaultyPeer.on(pair, pair.right).replaces(EAP_RESPONSES, new Payload.Eap(ToyEap.success(1)));
        connect(pair);
        assertDown(pair);
        assertThat(down(pair))
                .isEqualTo(new Failure.EapRefused("EAP-TOY", "alice", "success before the method ended", false));
    }

    /** CVE-2021-45079 once more: the gateway skips the rest of EAP and comes with AUTH at once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProofInTheMiddleOfTheMethodIsRefused(boolean ofGateway) {
        Pair pair = ordinary();
        Payload.Auth auth = new Payload.Auth(Payload.Auth.SHARED_KEY, Bytes.wrap(new byte[48]));
        if (ofGateway) {
            FaultyPeer.on(pair, pair.right)
                    .changes(EAP_RESPONSES.and(m -> m.header().messageId() == 2), _ -> List.of(auth));
        } else {
            FaultyPeer.on(pair, pair.left)
                    .changes(
                            FaultyPeer.requests(ExchangeType.IKE_AUTH).and(FaultyPeer.carrying(PayloadType.EAP)),
                            _ -> List.of(auth));
        }
        connect(pair);
        pair.pass(Duration.ofMinutes(3));
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).isEmpty();
        Failure why = ofGateway ? down(pair) : refused(pair);
        assertThat(why).isInstanceOf(Failure.Misbehaved.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWrongProofAfterEapIsRefused(boolean ofGateway) {
        Pair pair = ordinary();
        Payload.Auth auth = new Payload.Auth(Payload.Auth.SHARED_KEY, Bytes.wrap(new byte[48]));
        if (ofGateway) {
            FaultyPeer.on(pair, pair.right)
                    .replaces(
                            FaultyPeer.responses(ExchangeType.IKE_AUTH)
                                    .and(m -> m.header().messageId() > 1)
                                    .and(FaultyPeer.carrying(PayloadType.AUTH)),
                            auth);
        } else {
            FaultyPeer.on(pair, pair.left).replaces(FaultyPeer.requests(ExchangeType.IKE_AUTH), auth);
        }
        connect(pair);
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).isEmpty();
        Failure why = ofGateway ? down(pair) : refused(pair);
        assertThat(why).isInstanceOf(Failure.AuthenticationFailed.class);
    }

    /** Without a key nothing ties the method to this IKE SA: whoever stands between could pass it on. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMethodThatMakesNoKeyIsRefused(boolean byGateway) {
        Pair pair = ordinary();
        (byGateway ? pair.right : pair.left).answers.eap().keyless();
        connect(pair);
        assertDown(pair);
        Failure why = byGateway ? refused(pair) : down(pair);
        assertThat(why).isEqualTo(new Failure.EapRefused("EAP-TOY", "alice", "it makes no key", false));
    }

    @Test
    void aMethodWithoutAnEndIsEnded() {
        Pair pair = ordinary();
        pair.right.answers.eap().endless();
        connect(pair);
        assertDown(pair);
        assertThat(List.of(refused(pair)))
                .allMatch(f -> f instanceof Failure.EapRefused r && r.detail().contains("64 rounds"));
    }

    @Test
    void aUserWhoFallsSilentIsForgottenInTime() {
        Pair pair = ordinary();
        pair.left.holdAsks = true;
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.left.answerAsk();
        pair.settle();
        pair.left.answerAsk();
        pair.left.answerAsk();
        pair.settle();
        pair.left.answerAsk();
        pair.settle();
        assertThat(pair.left.asks).hasSize(1);
        pair.pass(Duration.ofMinutes(3));
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    @Test
    void whetherItIsEapFollowsFromTheMissingProof() {
        Pair pair = ordinary();
        PeerConfig byKey = right(List.of(KEY), List.of(KEY)).but().name("byKey").build();
        pair.right.on(new IkeEvent.Configure(List.of(byKey, right(List.of(OWN), List.of(USERS)))));
        connect(pair);
        assertThat(pair.right.last(IkeFact.IkeUp.class).peer()).isEqualTo(Configs.PEER);
        pair.left.on(new IkeEvent.Configure(List.of(left(List.of(KEY), List.of(KEY)))));
        pair.settle();
        connect(pair);
        assertThat(pair.right.last(IkeFact.IkeUp.class).peer()).isEqualTo("byKey");
    }

    @Test
    void nobodyGetsAroundACertificateByAskingForEap() {
        Pair pair = pair(left(List.of(LOGIN), List.of(TRUST)), right(List.of(OWN), List.of(TRUST)));
        connect(pair);
        assertDown(pair);
        assertThat(asked(pair.right, Question.Sign.class)).isEmpty();
        assertThat(asked(pair.right, Question.EapServer.class)).isEmpty();
    }

    // RFC 5998

    @Test
    void aKeyOfEapMayBeTheGatewaysOnlyProof() {
        Pair pair = pair(left(List.of(LOGIN), List.of()), right(List.of(), List.of(USERS)));
        connect(pair);
        assertUp(pair);
        assertThat(pair.left.last(IkeFact.IkeUp.class).provenBy()).containsExactly("the key of EAP-TOY");
        assertThat(asked(pair.right, Question.Sign.class)).isEmpty();
    }

    @Test
    void aGatewayWithoutAProofOfItsOwnNeedsAClientThatIsContentWithIt() {
        Pair pair = pair(left(List.of(LOGIN), List.of(TRUST)), right(List.of(), List.of(USERS)));
        connect(pair);
        assertDown(pair);
        assertThat(asked(pair.right, Question.EapServer.class)).isEmpty();
    }

    @Test
    void eapAloneStillWantsTheRightGateway() {
        Pair pair = pair(
                left(List.of(LOGIN), List.of()),
                right(List.of(), List.of(USERS))
                        .but()
                        .localIdentity(Identity.fqdn("evil.example"))
                        .build());
        connect(pair);
        assertDown(pair);
        assertThat(asked(pair.left, Question.EapClient.class)).isEmpty();
    }

    // RFC 4739

    @Test
    void aMachineAndThenItsUserProveThemselves() {
        Pair pair = pair(left(List.of(OWN, LOGIN), List.of(TRUST)), right(List.of(OWN), List.of(TRUST, USERS)));
        connect(pair);
        assertUp(pair);
        assertThat(pair.right.last(IkeFact.IkeUp.class).provenBy())
                .containsExactly("toy digest as toy own", "EAP-TOY as alice");
    }

    @Test
    void bothEndsMayHaveTwoProofs() {
        Pair pair = pair(left(List.of(OWN, KEY), List.of(TRUST, KEY)), right(List.of(OWN, KEY), List.of(TRUST, KEY)));
        connect(pair);
        assertUp(pair);
        assertThat(pair.left.last(IkeFact.IkeUp.class).provenBy())
                .containsExactly("toy digest as toy own", "shared key");
        assertThat(pair.right.last(IkeFact.IkeUp.class).provenBy())
                .containsExactly("toy digest as toy own", "shared key");
    }

    @Test
    void theGatewayMayHaveOneMoreThanTheClient() {
        Pair pair = pair(left(List.of(OWN), List.of(TRUST, KEY)), right(List.of(OWN, KEY), List.of(TRUST)));
        connect(pair);
        assertUp(pair);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneProofIsNotEnoughWhereTwoAreAsked(boolean ofGateway) {
        Pair pair = ofGateway
                ? pair(left(List.of(OWN), List.of(TRUST, KEY)), right(List.of(OWN), List.of(TRUST)))
                : pair(left(List.of(OWN), List.of(TRUST)), right(List.of(OWN), List.of(TRUST, KEY)));
        connect(pair);
        assertThat(pair.left.facts(IkeFact.IkeUp.class)).isEmpty();
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
    }

    /** The machine is the right one, the user is not. */
    @Test
    void theSecondProofCountsAsMuchAsTheFirst() {
        Pair pair = pair(left(List.of(OWN, LOGIN), List.of(TRUST)), right(List.of(OWN), List.of(TRUST, USERS)));
        pair.left.answers.eap().login("login", "mallory", "sesame");
        connect(pair);
        assertDown(pair);
        assertThat(refused(pair)).isInstanceOf(Failure.EapRefused.class);
    }

    @Test
    void theAnnouncementOfASecondProofCannotBeLeftOut() {
        Pair pair = pair(left(List.of(OWN, LOGIN), List.of(TRUST)), right(List.of(OWN), List.of(TRUST, USERS)));
        FaultyPeer.on(pair, pair.left)
                .changes(
                        FaultyPeer.requests(ExchangeType.IKE_AUTH),
                        payloads -> payloads.stream()
                                .filter(p -> !(p instanceof Payload.Notify n
                                        && n.notifyType().equals(NotifyType.ANOTHER_AUTH_FOLLOWS)))
                                .toList());
        connect(pair);
        assertDown(pair);
    }
}
