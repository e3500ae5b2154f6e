package io.sallyport.ike.v2;

import io.sallyport.ike.Clients;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeAction.ReleaseLease;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeEvent.ClientSettings;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.wire.Address;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.BiConsumer;

/** Gives a client that has proven itself its addresses, RFC 7296 section 2.19. */
final class Leasing {
    /**
     * What came of it.
     *
     * @param takesOver the addresses are those of another of its IKE SAs, which did not expect that
     * @param refusal what the client is told instead, and why
     */
    record Outcome(
            Addresses addresses,
            Optional<ClientSettings> settings,
            boolean takesOver,
            Optional<NotifyType> refusal,
            Optional<IkeFact.Failure> why) {
        static final Outcome NONE =
                new Outcome(Addresses.NONE, Optional.empty(), false, Optional.empty(), Optional.empty());

        static Outcome refused(NotifyType type, IkeFact.Failure why) {
            return new Outcome(Addresses.NONE, Optional.empty(), false, Optional.of(type), Optional.of(why));
        }
    }

    /** By what name the pool knows the client, and whether another of its IKE SAs has to go for it. */
    private record Place(String client, boolean takesOver) {}

    private Leasing() {}

    static void ask(
            IkeSa sa, Proven proven, List<Payload> request, Asking asking, BiConsumer<Outcome, Turn> then, Turn turn) {
        Settings.Wish wish = Settings.wish(request);
        if (wish.isNothing()) {
            then.accept(
                    Outcome.refused(
                            NotifyType.FAILED_CP_REQUIRED,
                            new IkeFact.Failure.Misbehaved("CP payload: the client asks for no address")),
                    turn);
            return;
        }
        Clients clients = proven.config().clients().orElseThrow();
        Place place = place(proven, clients, wish.addresses(), turn);
        List<Address> wished = proven.framed().isEmpty() ? wish.addresses() : proven.framed();
        asking.ask(
                sa,
                new Question.Lease(clients.pool(), place.client(), wish.ipv4(), wish.ipv6(), wished),
                (answer, t) -> {
                    if (answer instanceof Answer.Leased(ClientSettings settings)) {
                        then.accept(granted(demanded(settings, proven, wish), clients, place), t);
                    } else {
                        // RFC 7296 section 3.10.1: it fails the child, not the IKE SA.
                        then.accept(Outcome.refused(NotifyType.INTERNAL_ADDRESS_FAILURE, Asking.failure(answer)), t);
                    }
                },
                turn);
    }

    private static Outcome granted(ClientSettings settings, Clients clients, Place place) {
        return new Outcome(
                new Addresses(settings.addresses(), Optional.of(new ReleaseLease(clients.pool(), place.client()))),
                Optional.of(settings),
                place.takesOver(),
                Optional.empty(),
                Optional.empty());
    }

    /** What the directory of users demands stands in for what the pool gave. */
    private static ClientSettings demanded(ClientSettings leased, Proven proven, Settings.Wish wish) {
        List<Address> addresses = new ArrayList<>();
        for (boolean ipv4 : List.of(true, false)) {
            if (ipv4 ? wish.ipv4() : wish.ipv6()) {
                proven.framed().stream()
                        .filter(a -> a.isIpv4() == ipv4)
                        .findFirst()
                        .or(() -> leased.addresses().stream()
                                .filter(a -> a.isIpv4() == ipv4)
                                .findFirst())
                        .ifPresent(addresses::add);
            }
        }
        return new ClientSettings(addresses, leased.dns(), leased.dnsDomains(), leased.subnets());
    }

    /**
     * One identity may have several devices, and each has addresses of its own. A device that asks for the address it has
     * comes anew.
     */
    private static Place place(Proven proven, Clients clients, List<Address> wished, Turn turn) {
        SequencedSet<String> taken = new LinkedHashSet<>();
        for (IkeSa other : turn.sas().ofPeer(proven.name())) {
            Optional<ReleaseLease> lease =
                    other.isEstablished() ? other.addresses().lease() : Optional.empty();
            if (lease.isPresent() && other.addresses().given().stream().anyMatch(wished::contains)) {
                return new Place(lease.get().client(), false);
            }
            lease.ifPresent(l -> taken.add(l.client()));
        }
        if (clients.perIdentity() > 0 && taken.size() >= clients.perIdentity()) {
            return new Place(taken.getFirst(), true);
        }
        String client = proven.client();
        for (int device = 2; turn.sas().leases().isHeld(new ReleaseLease(clients.pool(), client)); device++) {
            client = proven.client() + "#" + device;
        }
        return new Place(client, false);
    }
}
