package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.ike.Clients;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.Ikev1Options;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v1.message.Attribute;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What comes between phase 1 and phase 2 with clients: XAuth (draft-ietf-ipsec-isakmp-xauth-06), by which a user proves
 * itself, and ModeCfg (draft-dukes-ike-mode-cfg-02), by which a client gets its addresses.
 */
final class Transactions {
    private static final int USER_NAME = 16521;
    private static final int USER_PASSWORD = 16522;
    private static final int XAUTH_STATUS = 16527;
    private static final int XAUTH_TYPE = 16520;

    private static final int IP4_ADDRESS = 1;
    private static final int IP4_NETMASK = 2;
    private static final int IP4_DNS = 3;
    private static final int IP6_ADDRESS = 8;
    private static final int IP6_DNS = 10;
    /** Cisco Unity's, which clients of that time understand. */
    private static final int DEFAULT_DOMAIN = 28674;

    private static final int SPLIT_INCLUDE = 28676;

    private Transactions() {}

    /** Phase 1 is done; what else must happen before the peer is up. */
    static void afterPhase1(IkeSa sa, Turn turn) {
        Optional<Ikev1Options.Xauth> xauth = sa.peer().ikev1().xauth();
        if (xauth.isEmpty()) {
            configure(sa, turn);
            return;
        }
        sa.enter(SaState.AUTHENTICATING);
        switch (xauth.get()) {
            case Ikev1Options.Xauth.Server _ ->
                sa.exchanges()
                        .begin(
                                sa,
                                new Asking(
                                        Asking.Purpose.CREDENTIALS,
                                        List.of(
                                                Attribute.octets(USER_NAME, Bytes.EMPTY),
                                                Attribute.octets(USER_PASSWORD, Bytes.EMPTY)),
                                        turn),
                                turn);
            case Ikev1Options.Xauth.Client _ -> {}
        }
    }

    private static void configure(IkeSa sa, Turn turn) {
        PeerConfig peer = sa.peer();
        sa.enter(SaState.CONFIGURING);
        boolean leased =
                turn.sas().remote(sa.name()).filter(r -> !r.leased().isEmpty()).isPresent();
        if (peer.request().isEmpty() && peer.clients().isEmpty() || leased) {
            sa.up(turn);
        } else if (peer.clients().isPresent()) {
            if (peer.ikev1().pushAddresses()) {
                turn.ask(sa, lease(sa, peer.clients().get(), true, false, List.of()));
            }
        } else if (!peer.ikev1().pushAddresses()) {
            List<Attribute> wanted = new ArrayList<>();
            if (peer.request().get().ipv4()) {
                wanted.add(Attribute.octets(IP4_ADDRESS, Bytes.EMPTY));
                wanted.add(Attribute.octets(IP4_NETMASK, Bytes.EMPTY));
                wanted.add(Attribute.octets(IP4_DNS, Bytes.EMPTY));
            }
            if (peer.request().get().ipv6()) {
                wanted.add(Attribute.octets(IP6_ADDRESS, Bytes.EMPTY));
                wanted.add(Attribute.octets(IP6_DNS, Bytes.EMPTY));
            }
            sa.exchanges().begin(sa, new Asking(Asking.Purpose.PULL, wanted, turn), turn);
        }
    }

    /** Who the client is to the pool. */
    private static String client(IkeSa sa) {
        return sa.name().substring(sa.peer().name().length() + 1);
    }

    private static IkeAction.Question.Lease lease(
            IkeSa sa, Clients clients, boolean ipv4, boolean ipv6, List<Address> wished) {
        return new IkeAction.Question.Lease(clients.pool(), client(sa), ipv4, ipv6, wished);
    }

    // What the peer says.

    /** A REQUEST: answered at once, or by what the question brings. */
    static Optional<IkeAction.Question> requested(IkeSa sa, Answering exchange, List<Attribute> asked, Turn turn) {
        boolean credentials = asked.stream().anyMatch(a -> a.type() == USER_NAME || a.type() == USER_PASSWORD);
        if (credentials
                && sa.state() == SaState.AUTHENTICATING
                && sa.peer().ikev1().xauth().orElse(null)
                        instanceof Ikev1Options.Xauth.Client(String user, Secret password)) {
            List<Attribute> reply = new ArrayList<>();
            for (Attribute attribute : asked) {
                switch (attribute.type()) {
                    case XAUTH_TYPE -> reply.add(Attribute.number(XAUTH_TYPE, 0));
                    case USER_NAME -> reply.add(Attribute.octets(USER_NAME, Bytes.utf8(user)));
                    case USER_PASSWORD -> reply.add(Attribute.octets(USER_PASSWORD, Bytes.wrap(password.expose())));
                    default -> {}
                }
            }
            exchange.reply(sa, reply, turn);
            return Optional.empty();
        }
        boolean ipv4 = asked.stream().anyMatch(a -> a.type() == IP4_ADDRESS);
        boolean ipv6 = asked.stream().anyMatch(a -> a.type() == IP6_ADDRESS);
        if (sa.state() == SaState.AUTHENTICATING && sa.isUserBelieved() && (ipv4 || ipv6)) {
            // Whoever asks for addresses has heard that its user is believed; the word of it is still on its way.
            configure(sa, turn);
        }
        if (sa.state() == SaState.CONFIGURING && sa.peer().clients().isPresent() && (ipv4 || ipv6)) {
            return Optional.of(lease(sa, sa.peer().clients().get(), ipv4, ipv6, addresses(asked)));
        }
        // Once more, or of one that gets no addresses from us: what it has.
        List<Attribute> reply = new ArrayList<>();
        if (sa.isEstablished() && sa.peer().clients().isPresent()) {
            sa.shared(turn).leased().forEach(a -> address(a, reply));
        }
        exchange.reply(sa, reply, turn);
        return Optional.empty();
    }

    /** A SET: XAuth's verdict, or addresses for us. */
    static void set(IkeSa sa, Answering exchange, List<Attribute> values, Turn turn) {
        exchange.acknowledge(sa, values, turn);
        Optional<Attribute> status =
                values.stream().filter(a -> a.type() == XAUTH_STATUS).findFirst();
        if (status.isPresent() && sa.state() == SaState.AUTHENTICATING && isXauthClient(sa)) {
            if (status.get().number() == 1) {
                configure(sa, turn);
            } else {
                fail(
                        sa,
                        new IkeFact.Failure.AuthenticationFailed(
                                true, Optional.of(sa.peer().localIdentity())),
                        turn);
            }
        } else if (sa.state() == SaState.CONFIGURING && sa.peer().request().isPresent()) {
            given(sa, values, turn);
        }
    }

    private static boolean isXauthClient(IkeSa sa) {
        return sa.peer().ikev1().xauth().orElse(null) instanceof Ikev1Options.Xauth.Client;
    }

    /** The answer to what we asked, or set. */
    static void answered(IkeSa sa, Asking.Purpose purpose, List<Attribute> values, Turn turn) {
        switch (purpose) {
            case CREDENTIALS -> checkUser(sa, values, turn);
            case STATUS -> {
                if (sa.state() == SaState.AUTHENTICATING) {
                    sa.userJudged(turn);
                }
            }
            case PULL -> given(sa, values, turn);
            case PUSH -> sa.up(turn);
        }
    }

    private static void checkUser(IkeSa sa, List<Attribute> values, Turn turn) {
        Optional<Attribute> user =
                values.stream().filter(a -> a.type() == USER_NAME).findFirst();
        Optional<Attribute> password =
                values.stream().filter(a -> a.type() == USER_PASSWORD).findFirst();
        if (user.isEmpty() || password.isEmpty()) {
            verdict(
                    sa,
                    Optional.of(new IkeFact.Failure.EapRefused("XAuth", "", "no name or no password", false)),
                    turn);
        } else if (sa.peer().ikev1().xauth().orElse(null) instanceof Ikev1Options.Xauth.Server(String name)) {
            turn.ask(
                    sa,
                    new IkeAction.Question.CheckPassword(
                            name,
                            user.get().value().printable(),
                            Secret.wrap(password.get().value().toArray()),
                            sa.remote()));
        }
    }

    /** Answers to questions that belong to no exchange. */
    static void onAnswer(IkeSa sa, IkeEvent.Answer answer, Turn turn) {
        if (answer instanceof IkeEvent.Answer.PasswordFits(IkeEvent.EapResult result)
                && sa.state() == SaState.AUTHENTICATING) {
            sa.alsoProvenBy("XAuth as " + result.user());
            if (sa.peer().clients().isPresent()) {
                sa.rename(sa.peer().name() + "#" + result.user(), turn);
            }
            verdict(sa, Optional.empty(), turn);
        } else if (answer instanceof IkeEvent.Answer.Leased(IkeEvent.ClientSettings settings)
                && sa.state() == SaState.CONFIGURING) {
            sa.shared(turn).lease(settings.addresses(), Optional.of(client(sa)));
            sa.exchanges().begin(sa, new Asking(Asking.Purpose.PUSH, settings(settings), turn), turn);
        } else if (answer instanceof IkeEvent.Answer.Refused(IkeFact.Failure why)) {
            if (sa.state() == SaState.AUTHENTICATING) {
                verdict(sa, Optional.of(why), turn);
            } else if (sa.state() == SaState.CONFIGURING) {
                fail(sa, why, turn);
            }
        }
    }

    /** Tells the client's end whether its user is believed; what follows waits for its acknowledgement. */
    private static void verdict(IkeSa sa, Optional<IkeFact.Failure> refused, Turn turn) {
        sa.userVerdict(refused);
        sa.exchanges()
                .begin(
                        sa,
                        new Asking(
                                Asking.Purpose.STATUS,
                                List.of(Attribute.number(XAUTH_STATUS, refused.isEmpty() ? 1 : 0)),
                                turn),
                        turn);
    }

    static void userJudged(IkeSa sa, Optional<IkeFact.Failure> refused, Turn turn) {
        if (refused.isPresent()) {
            fail(sa, refused.get(), turn);
        } else {
            configure(sa, turn);
        }
    }

    // Addresses.

    static void leased(IkeSa sa, IkeEvent.ClientSettings settings, Turn turn) {
        sa.shared(turn).lease(settings.addresses(), Optional.of(client(sa)));
        sa.up(turn);
    }

    private static void given(IkeSa sa, List<Attribute> values, Turn turn) {
        if (sa.state() != SaState.CONFIGURING) {
            return;
        }
        List<Address> addresses = addresses(values);
        if (addresses.isEmpty()) {
            fail(sa, new IkeFact.Failure.NoAddressGiven("its answer has no address"), turn);
            return;
        }
        sa.shared(turn).lease(addresses, Optional.empty());
        sa.up(turn);
    }

    private static List<Address> addresses(List<Attribute> values) {
        List<Address> addresses = new ArrayList<>();
        for (Attribute value : values) {
            Bytes octets = value.value();
            if (value.type() == IP4_ADDRESS && octets.size() == 4) {
                addresses.add(Address.of(octets));
            } else if (value.type() == IP6_ADDRESS && (octets.size() == 16 || octets.size() == 17)) {
                // Some put the length of the prefix behind it.
                addresses.add(Address.of(octets.slice(0, 16)));
            }
        }
        return addresses.stream().filter(a -> !a.isUnspecified()).limit(4).toList();
    }

    static List<Attribute> settings(IkeEvent.ClientSettings settings) {
        List<Attribute> out = new ArrayList<>();
        settings.addresses().forEach(a -> address(a, out));
        for (Address dns : settings.dns()) {
            out.add(Attribute.octets(dns.isIpv4() ? IP4_DNS : IP6_DNS, dns.toBytes()));
        }
        settings.dnsDomains().stream()
                .findFirst()
                .ifPresent(d -> out.add(Attribute.octets(DEFAULT_DOMAIN, Bytes.utf8(d))));
        Bytes includes = Bytes.EMPTY;
        for (Prefix subnet : settings.subnets()) {
            if (subnet.address().isIpv4()) {
                includes = Bytes.concat(
                        includes, subnet.address().toBytes(), Selectors.mask(subnet), Bytes.wrap(new byte[6]));
            }
        }
        if (!includes.isEmpty()) {
            out.add(Attribute.octets(SPLIT_INCLUDE, includes));
        }
        return out;
    }

    private static void address(Address address, List<Attribute> out) {
        if (address.isIpv4()) {
            out.add(Attribute.octets(IP4_ADDRESS, address.toBytes()));
            out.add(Attribute.octets(IP4_NETMASK, Bytes.ofInts(255, 255, 255, 255)));
        } else {
            out.add(Attribute.octets(IP6_ADDRESS, address.toBytes()));
        }
    }

    // The end.

    static void fail(IkeSa sa, IkeFact.Failure why, Turn turn) {
        if (!sa.isInitiator()) {
            turn.refuse(sa.local(), sa.remote(), why);
        }
        sa.close(why, turn);
    }
}
