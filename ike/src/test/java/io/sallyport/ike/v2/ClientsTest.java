package io.sallyport.ike.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.ike.AddressRequest;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.Clients;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeEvent.ClientSettings;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.ike.v2.message.Attribute;
import io.sallyport.ike.v2.message.ExchangeType;
import io.sallyport.ike.v2.message.Opened;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.PayloadType;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One config for many clients, and the addresses that they get: RFC 7296 sections 2.19 and 3.15, RFC 8598. */
class ClientsTest {
    private static final String GATEWAY = "clients";
    private static final Address FIRST = Address.parse("10.9.0.1");
    private static final Address SECOND = Address.parse("10.9.0.2");
    private static final Address FIRST6 = Address.parse("2001:db8:9::1");
    private static final Address DNS = Address.parse("10.1.0.53");
    private static final ClientSettings SETTINGS =
            new ClientSettings(List.of(), List.of(DNS), List.of("corp.example"), List.of(Prefix.parse("10.1.0.0/16")));

    private static PeerConfig client(AddressRequest request) {
        ChildConfig child = Configs.child("main", "0.0.0.0/0", "10.1.0.0/16");
        return Configs.withChildren(Configs.left(), List.of(child))
                .but()
                .localIdentity(Identity.fqdn("laptop.example"))
                .remoteIdentity(Optional.of(Identity.fqdn("gateway.example")))
                .proofs(new Proofs(
                        List.of(new Authentication.Eap("login")),
                        List.of(new Authentication.PreSharedKey(Configs.KEY))))
                .request(request)
                .build();
    }

    private static PeerConfig gateway(int perIdentity) {
        ChildConfig child = Configs.child("main", "10.1.0.0/16", "10.9.0.0/24");
        return Configs.named(Configs.withChildren(Configs.right(), List.of(child)), GATEWAY)
                .but()
                .remote(Optional.empty())
                .localIdentity(Identity.fqdn("gateway.example"))
                .remoteIdentity(Optional.empty())
                .proofs(new Proofs(
                        List.of(new Authentication.PreSharedKey(Configs.KEY)),
                        List.of(new Authentication.Eap("users"))))
                .clients(new Clients("pool", perIdentity))
                .build();
    }

    private static Pair pair(int perIdentity, AddressRequest request) {
        Pair pair = new Pair(client(request), gateway(perIdentity));
        pair.left.answers.eap().login("login", "alice", "sesame");
        pair.right
                .answers
                .pool("pool", List.of(FIRST, SECOND, FIRST6), SETTINGS)
                .eap()
                .user("users", "alice", "sesame")
                .user("users", "bob", "sesame");
        return pair;
    }

    private static Pair ordinary() {
        return pair(1, new AddressRequest(true, false));
    }

    private static Pair connected(Pair pair) {
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        return pair;
    }

    private static List<TrafficSelector> host(Address address) {
        return List.of(TrafficSelector.of(Prefix.host(address)));
    }

    /** Another device of the same user, or of another one, behind the same address. */
    private static Pair.End device(Pair pair, String user) {
        Pair.End fresh = pair.rebornLeft();
        fresh.on(new IkeEvent.Configure(List.of(client(new AddressRequest(true, false)))));
        fresh.answers.eap().login("login", user, "sesame");
        fresh.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        return fresh;
    }

    private static void withoutInitialContact(Pair pair, Pair.End end) {
        FaultyPeer.on(pair, end)
                .changes(
                        FaultyPeer.requests(ExchangeType.IKE_AUTH),
                        payloads -> payloads.stream()
                                .filter(p -> !(p instanceof Payload.Notify))
                                .toList());
    }

    @Test
    void aClientGetsAnAddressAndItsChildJoinsThatAddressAlone() {
        Pair pair = connected(ordinary());
        assertThat(pair.left.onlyChild().sa.local()).isEqualTo(host(FIRST));
        assertThat(pair.right.onlyChild().sa.remote()).isEqualTo(host(FIRST));
        assertThat(pair.left.onlyChild().sa.remote())
                .isEqualTo(pair.right.onlyChild().sa.local());
        assertThat(pair.left.last(IkeFact.IkeUp.class).leased()).containsExactly(FIRST);
        IkeFact.IkeUp up = pair.right.last(IkeFact.IkeUp.class);
        assertThat(up.peer()).isEqualTo("clients#alice");
        assertThat(up.leased()).containsExactly(FIRST);
        assertThat(pair.right.onlyChild().sa.peer()).isEqualTo(GATEWAY);
        assertThat(pair.right.last(IkeFact.ChildUp.class).peer()).isEqualTo("clients#alice");
    }

    @Test
    void theReplyTellsServersSubnetsAndDomains() {
        Pair pair = ordinary();
        FaultyPeer gateway = FaultyPeer.on(pair, pair.right);
        connected(pair);
        List<Attribute> told = Payloads.find(gateway.sent().getLast().payloads(), Payload.Configuration.class)
                .orElseThrow()
                .attributes();
        assertThat(told)
                .contains(
                        new Attribute(Attribute.INTERNAL_IP4_ADDRESS, FIRST.toBytes()),
                        new Attribute(Attribute.INTERNAL_IP4_DNS, DNS.toBytes()),
                        new Attribute(Attribute.INTERNAL_IP4_SUBNET, Bytes.hex("0a010000ffff0000")),
                        new Attribute(Attribute.INTERNAL_DNS_DOMAIN, Bytes.utf8("corp.example")));
    }

    @Test
    void bothFamiliesAtOnce() {
        Pair pair = pair(1, new AddressRequest(true, true));
        connected(pair);
        assertThat(pair.left.last(IkeFact.IkeUp.class).leased()).containsExactly(FIRST, FIRST6);
    }

    @Test
    void rekeysKeepTheAddressAndTheLastIkeSaGivesItBack() {
        Pair pair = connected(ordinary());
        pair.left.on(new IkeEvent.RekeyIke(Configs.PEER));
        pair.settle();
        pair.left.on(new IkeEvent.RekeyChild(pair.left.onlyChild().sa.id()));
        pair.settle();
        assertThat(pair.right.onlyChild().sa.remote()).isEqualTo(host(FIRST));
        assertThat(pair.left.onlyChild().sa.local()).isEqualTo(host(FIRST));
        assertThat(pair.right.answers.holders("pool")).containsExactly("alice");
        pair.left.on(new IkeEvent.Disconnect(Configs.PEER));
        pair.settle();
        assertThat(pair.right.answers.holders("pool")).isEmpty();
        assertThat(pair.right.last(IkeFact.IkeDown.class).peer()).isEqualTo("clients#alice");
    }

    @Test
    void twoUsersLiveBesideEachOther() {
        Pair pair = connected(ordinary());
        device(pair, "bob");
        assertThat(pair.right.children).hasSize(2);
        assertThat(pair.right.answers.holders("pool")).containsExactly("alice", "bob");
        assertThat(pair.left.onlyChild().sa.local()).isEqualTo(host(SECOND));
        pair.right.on(new IkeEvent.Disconnect("clients#bob"));
        pair.settle();
        assertThat(pair.right.answers.holders("pool")).containsExactly("alice");
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).hasSize(1);
    }

    @Test
    void theNameOfTheConfigMeansAllOfItsClients() {
        Pair pair = connected(ordinary());
        device(pair, "bob");
        pair.right.on(new IkeEvent.Disconnect(GATEWAY));
        pair.settle();
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.answers.holders("pool")).isEmpty();
    }

    @Test
    void aChangedConfigEndsAllOfItsClients() {
        Pair pair = connected(ordinary());
        device(pair, "bob");
        pair.right.on(new IkeEvent.Configure(List.of(gateway(2))));
        pair.settle();
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.facts(IkeFact.IkeDown.class))
                .extracting(IkeFact.IkeDown::peer)
                .containsExactly("clients#alice", "clients#bob");
    }

    /** With or without INITIAL_CONTACT: one identity, one IKE SA, and the same address. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNewestOfOneIdentityMakesTheOlderGo(boolean initialContact) {
        Pair pair = connected(ordinary());
        Pair.End fresh = pair.rebornLeft();
        if (!initialContact) {
            withoutInitialContact(pair, fresh);
        }
        fresh.on(new IkeEvent.Configure(List.of(client(new AddressRequest(true, false)))));
        fresh.answers.eap().login("login", "alice", "sesame");
        fresh.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(pair.right.children).hasSize(1);
        assertThat(pair.right.onlyChild().sa.remote()).isEqualTo(host(FIRST));
        assertThat(pair.right.answers.holders("pool")).containsExactly("alice");
    }

    @Test
    void devicesOfOneIdentityHaveAddressesOfTheirOwnWhereThatIsAllowed() {
        Pair pair = connected(pair(2, new AddressRequest(true, false)));
        device(pair, "alice");
        assertThat(pair.right.children).hasSize(2);
        assertThat(pair.right.answers.holders("pool")).containsExactly("alice", "alice#2");
        assertThat(pair.left.onlyChild().sa.local()).isEqualTo(host(SECOND));
    }

    @Test
    void whoeverIsLastFindsTheDoorOpenAgainWhenTheOldestHasMadeRoom() {
        Pair pair = connected(pair(2, new AddressRequest(true, false)));
        device(pair, "alice");
        Pair.End third = device(pair, "alice");
        pair.pass(Duration.ofSeconds(30));
        assertThat(pair.right.children).hasSize(2);
        assertThat(third.onlyChild().sa.local()).isEqualTo(host(FIRST));
    }

    @Test
    void anEmptyPoolIsToldToTheClientAndThenTheyPart() {
        Pair pair = ordinary();
        pair.right.answers.pool("pool", List.of(), SETTINGS);
        connected(pair);
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.last(IkeFact.IkeDown.class).why()).isEqualTo(new Failure.PoolEmpty("pool", "a toy's"));
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new Failure.NoAddressGiven("INTERNAL_ADDRESS_FAILURE"));
        pair.pass(Duration.ofMinutes(2));
        assertThat(pair.left.machine.sasForTest()).isEmpty();
        assertThat(pair.right.machine.sasForTest()).isEmpty();
    }

    /** The first device stays up, so that nothing is down; still somebody wants to know why the second got nothing. */
    @Test
    void anEmptyPoolIsNotedAlsoWhenAnotherDeviceOfTheClientStands() {
        Pair pair = pair(0, new AddressRequest(true, false));
        pair.right.answers.pool("pool", List.of(FIRST), SETTINGS);
        withoutInitialContact(pair, pair.left);
        connected(pair);
        Pair.End second = pair.rebornLeft();
        withoutInitialContact(pair, second);
        second.on(new IkeEvent.Configure(List.of(client(new AddressRequest(true, false)))));
        second.answers.eap().login("login", "alice", "sesame");
        second.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(pair.right.facts(IkeFact.IkeUp.class)).hasSize(2);
        assertThat(pair.right.facts(IkeFact.IkeDown.class)).isEmpty();
        assertThat(pair.right.last(IkeFact.ChildRefused.class).why())
                .isEqualTo(new Failure.PoolEmpty("pool", "a toy's"));
    }

    @Test
    void aClientThatAsksForNoAddressGetsNoChild() {
        Pair pair = ordinary();
        FaultyPeer.on(pair, pair.left).leavesOut(FaultyPeer.requests(ExchangeType.IKE_AUTH), PayloadType.CP);
        connected(pair);
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.left.last(IkeFact.IkeDown.class).why())
                .isEqualTo(new Failure.NoAddressGiven("FAILED_CP_REQUIRED"));
        assertThat(pair.right.answers.holders("pool")).isEmpty();
    }

    @Test
    void aGatewayThatGivesNothingIsLeft() {
        Pair pair = ordinary();
        FaultyPeer.on(pair, pair.right).leavesOut(FaultyPeer.responses(ExchangeType.IKE_AUTH), PayloadType.CP);
        connected(pair);
        assertThat(pair.left.children).isEmpty();
        assertThat(pair.left.last(IkeFact.IkeDown.class).why()).isInstanceOf(Failure.NoAddressGiven.class);
        pair.pass(Duration.ofMinutes(1));
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.answers.holders("pool")).isEmpty();
    }

    /** Some clients name what they have instead of what they get. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "192.0.2.1/32", "10.9.0.0/24"})
    void whateverTheClientProposesItsAddressIsWhatItGets(String proposed) {
        Pair pair = ordinary();
        List<TrafficSelector> selectors = List.of(TrafficSelector.of(Prefix.parse(proposed)));
        FaultyPeer.on(pair, pair.left)
                .changes(
                        FaultyPeer.requests(ExchangeType.IKE_AUTH),
                        with(p -> p.type().equals(PayloadType.TS_I) ? Narrowing.payload(true, selectors) : p));
        connected(pair);
        assertThat(pair.right.onlyChild().sa.remote()).isEqualTo(host(FIRST));
    }

    @Test
    void anAddressThatIsNotItsOwnIsNoUseToAClient() {
        Pair pair = ordinary();
        List<TrafficSelector> selectors = List.of(TrafficSelector.of(Prefix.parse("10.9.0.77/32")));
        FaultyPeer.on(pair, pair.left)
                .changes(
                        FaultyPeer.requests(ExchangeType.IKE_AUTH),
                        with(p -> p.type().equals(PayloadType.TS_I) ? Narrowing.payload(true, selectors) : p));
        connected(pair);
        assertThat(pair.right.children).isEmpty();
        assertThat(pair.right.last(IkeFact.ChildRefused.class).why())
                .isInstanceOf(Failure.TrafficSelectorsUnacceptable.class);
    }

    private static UnaryOperator<List<Payload>> with(UnaryOperator<Payload> change) {
        return payloads -> payloads.stream().map(change).toList();
    }

    /** A user that calls its machine by another user's name is still itself. */
    @Test
    void whoAUserIsFollowsFromItsProofAndNotFromWhatItCallsItself() {
        Pair pair = connected(ordinary());
        Pair.End fresh = pair.rebornLeft();
        fresh.on(new IkeEvent.Configure(List.of(client(new AddressRequest(true, false))
                .but()
                .localIdentity(Identity.fqdn("alice"))
                .build())));
        fresh.answers.eap().login("login", "bob", "sesame");
        fresh.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        assertThat(pair.right.last(IkeFact.IkeUp.class).peer()).isEqualTo("clients#bob");
        assertThat(pair.right.answers.holders("pool")).containsExactly("alice", "bob");
        assertThat(pair.right.children).hasSize(2);
    }

    @Test
    void addressesThatTheDirectoryDemandsComeBeforeThePools() {
        Pair pair = ordinary();
        pair.right.answers.eap().framed("alice", Address.parse("10.9.0.200"));
        connected(pair);
        assertThat(pair.left.last(IkeFact.IkeUp.class).leased()).containsExactly(Address.parse("10.9.0.200"));
    }

    @Test
    void anAnswerFromThePoolThatNobodyWaitsForAnyMoreIsGivenBack() {
        Pair pair = ordinary();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        while (pair.right.asks.stream().noneMatch(a -> a.question() instanceof Question.Lease)) {
            pair.right.holdAsks = true;
            if (!pair.right.asks.isEmpty()) {
                pair.right.answerAsk();
            } else if (!pair.step()) {
                break;
            }
        }
        IkeAction.Ask lease = pair.right.asks.getLast();
        assertThat(lease.question()).isInstanceOf(Question.Lease.class);
        pair.right.on(new IkeEvent.Configure(List.of()));
        pair.right.asks.clear();
        pair.right.on(new IkeEvent.Answered(lease.ask(), pair.right.answers.to(lease.question())));
        assertThat(pair.right.answers.holders("pool")).isEmpty();
    }

    @Test
    void lifeOfOneClientIsNoProofOfLifeOfAnother() {
        Pair pair = connected(ordinary());
        pair.wire.clear();
        pair.left.holdAsks = true;
        for (int i = 0; i < 60; i++) {
            pair.now = pair.now.plus(Duration.ofSeconds(1));
            pair.right.on(new IkeEvent.Alive(GATEWAY));
            pair.right.on(new IkeEvent.Deadline());
        }
        assertThat(pair.right.last(IkeFact.IkeDown.class).why()).isInstanceOf(Failure.PeerDead.class);
        assertThat(pair.right.answers.holders("pool")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Payload.Configuration.REQUEST, Payload.Configuration.SET})
    void aRequestForSettingsInAnInformationalIsAnsweredEmpty(int kind) throws Exception {
        Pair pair = connected(ordinary());
        FaultyPeer.on(pair, pair.left)
                .adds(
                        FaultyPeer.requests(ExchangeType.INFORMATIONAL),
                        new Payload.Configuration(
                                kind, List.of(new Attribute(Attribute.APPLICATION_VERSION, Bytes.EMPTY))));
        IkeSa client = pair.left.machine.sasForTest().getFirst();
        pair.left.on(new IkeEvent.UnknownSpi(client.local(), client.remote(), 4711));
        pair.deliver(pair.take(pair.left));
        Opened answer =
                client.secured().protection().open(pair.take(pair.right).send().message());
        assertThat(((Opened.Whole) answer).message().payloads())
                .containsExactly(new Payload.Configuration(kind + 1, List.of()));
        assertThat(pair.right.children).hasSize(1);
        assertThat(pair.left.children).hasSize(1);
    }
}
