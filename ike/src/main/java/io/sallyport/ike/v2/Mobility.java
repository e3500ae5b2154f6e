package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.util.ArrayList;
import java.util.List;

/**
 * MOBIKE, RFC 4555: the initiator decides between which addresses the two ends talk. The responder follows its authenticated
 * word, and moves the children only when the new address has answered.
 */
final class Mobility {
    private Mobility() {}

    // IKE_AUTH

    /** What the message with SA payloads says about it (section 3.3). */
    static List<Payload> offer(boolean wanted) {
        return wanted
                ? List.of(
                        Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED),
                        Payload.Notify.of(NotifyType.NO_ADDITIONAL_ADDRESSES))
                : List.of();
    }

    static boolean isOffered(List<Payload> payloads) {
        return Payloads.notify(payloads, NotifyType.MOBIKE_SUPPORTED).isPresent();
    }

    // INFORMATIONAL request, processed: HDR, SK {[N(UPDATE_SA_ADDRESSES), N(NAT_DETECTION_*),] [N(COOKIE2),] [...]}

    /**
     * Follows an update, and answers what belongs to it.
     *
     * @param here where the request came to
     * @param there where it came from
     * @return whether the new address is to be asked whether it answers
     */
    static boolean onRequest(
            IkeSa sa, List<Payload> request, Endpoint here, Endpoint there, List<Payload> response, Turn turn) {
        // Section 3.7: the other end wants to see that we receive here; the cookie goes back as it came.
        Payloads.notify(request, NotifyType.COOKIE2)
                .filter(c -> c.data().size() >= 8 && c.data().size() <= 64)
                .ifPresent(response::add);
        NatDetection found =
                NatDetection.of(request, sa.spis(), here, there, sa.nat().feigned());
        if (!sa.path().isMobile()) {
            return false;
        }
        if (found.supported()) {
            response.addAll(
                    NatDetection.notifies(sa.spis(), here, there, sa.nat().feigned(), turn.entropy()));
        }
        boolean update =
                Payloads.notify(request, NotifyType.UPDATE_SA_ADDRESSES).isPresent();
        if ((update || saysWhereElse(request)) && forbidsThisPath(request, here, there)) {
            // Section 3.9: somebody between us has changed what the sender wrote.
            response.add(Payload.Notify.of(NotifyType.UNEXPECTED_NAT_DETECTED));
            return false;
        }
        learnOthers(sa, request);
        if (sa.isOriginalInitiator() && !there.address().equals(sa.remote().address())) {
            // Section 3.6: it is where it speaks from, too; whether it is still where we know it, a question will tell.
            alsoAt(sa, there.address());
            sa.enqueue(new Liveness(List.of()), turn);
        }
        if (!update || sa.isOriginalInitiator()) {
            return false;
        }
        if (there.address().isUnspecified()
                || there.address().isIpv4() != here.address().isIpv4()) {
            response.add(Payload.Notify.of(NotifyType.UNACCEPTABLE_ADDRESSES));
        } else {
            sa.relocate(here, there, found.supported() ? found : sa.nat(), turn);
            return true;
        }
        return false;
    }

    private static boolean saysWhereElse(List<Payload> payloads) {
        return Payloads.all(payloads, Payload.Notify.class).stream()
                .map(Payload.Notify::notifyType)
                .anyMatch(t -> t.equals(NotifyType.ADDITIONAL_IP4_ADDRESS)
                        || t.equals(NotifyType.ADDITIONAL_IP6_ADDRESS)
                        || t.equals(NotifyType.NO_ADDITIONAL_ADDRESSES));
    }

    /** Section 3.6: what the peer says is all there is; what it said before counts no more. */
    static void learnOthers(IkeSa sa, List<Payload> payloads) {
        if (!sa.path().isMobile() || !saysWhereElse(payloads)) {
            return;
        }
        sa.path()
                .others(Payloads.all(payloads, Payload.Notify.class).stream()
                        .filter(n -> n.notifyType().equals(NotifyType.ADDITIONAL_IP4_ADDRESS)
                                        && n.data().size() == 4
                                || n.notifyType().equals(NotifyType.ADDITIONAL_IP6_ADDRESS)
                                        && n.data().size() == 16)
                        .map(n -> Address.of(n.data()))
                        .filter(a -> !a.isUnspecified())
                        .distinct()
                        .limit(Limits.OTHER_ADDRESSES_MAX)
                        .toList());
    }

    // The peer is silent where it was.

    /**
     * Where a request goes for the {@code attempt}th time: after a few in vain, to each of the peer's addresses in turn
     * (section 3.11). Only the initiator decides about it.
     */
    static Endpoint whereTo(IkeSa sa, int attempt) {
        List<Address> others = sa.isEstablished() && sa.isOriginalInitiator() ? reachable(sa) : List.of();
        if (attempt < Limits.DEAD_AFTER_ATTEMPTS || others.isEmpty()) {
            return sa.remote();
        }
        int turn = (attempt - Limits.DEAD_AFTER_ATTEMPTS) % (others.size() + 1);
        return turn == others.size() ? sa.remote() : new Endpoint(others.get(turn), Limits.NAT_PORT);
    }

    private static List<Address> reachable(IkeSa sa) {
        return sa.path().others().stream()
                .filter(a -> a.isIpv4() == sa.local().address().isIpv4()
                        && !a.equals(sa.remote().address()))
                .toList();
    }

    /** It answered from another of its addresses, to which we had sent: from now on it is there. */
    static void onAnswer(IkeSa sa, Endpoint from, Turn turn) {
        if (sa.isEstablished()
                && sa.isOriginalInitiator()
                && from.port() == Limits.NAT_PORT
                && reachable(sa).contains(from.address())) {
            // It may come back where it was.
            alsoAt(sa, sa.remote().address());
            sa.relocate(sa.local(), from, sa.nat(), turn);
            sa.enqueue(new UpdateAddresses(), turn);
        }
    }

    private static void alsoAt(IkeSa sa, Address address) {
        List<Address> others = new ArrayList<>(sa.path().others());
        if (!others.contains(address) && others.size() < Limits.OTHER_ADDRESSES_MAX) {
            others.add(address);
        }
        sa.path().others(others);
    }

    /** NO_NATS_ALLOWED carries source and destination as the initiator knows them, addresses before ports. */
    static boolean forbidsThisPath(List<Payload> request, Endpoint here, Endpoint there) {
        return Payloads.notify(request, NotifyType.NO_NATS_ALLOWED)
                .filter(n -> !n.data().equals(path(there, here)))
                .isPresent();
    }

    private static Bytes path(Endpoint source, Endpoint destination) {
        return Bytes.concat(
                source.address().toBytes(),
                destination.address().toBytes(),
                Bytes.ofInts(
                        source.port() >>> 8,
                        source.port() & 0xff,
                        destination.port() >>> 8,
                        destination.port() & 0xff));
    }

    // Our own address changes.

    static void onLocalAddress(IkeSa sa, Address address, Turn turn) {
        if (sa.path().isMobile() && sa.isOriginalInitiator() && sa.isEstablished() && !sa.isAt(address)) {
            Endpoint here = new Endpoint(address, Limits.NAT_PORT);
            sa.relocate(here, sa.remote().withPort(Limits.NAT_PORT), sa.nat(), turn);
            sa.enqueue(new UpdateAddresses(), turn);
        }
    }

    // NAT mappings that change under a host that stays where it is.

    /** What a liveness check asks besides: where do I seem to be (section 3.8)? */
    static List<Payload.Notify> whereAmI(IkeSa sa, Turn turn) {
        return sa.path().isMobile() && sa.isOriginalInitiator() && sa.nat().local()
                ? NatDetection.notifies(
                        sa.spis(), sa.local(), sa.remote(), sa.nat().feigned(), turn.entropy())
                : List.of();
    }

    /** Somewhere else than before: the peer is to send there from now on. */
    static void onWhereabouts(IkeSa sa, List<Payload> response, Turn turn) {
        Payloads.notify(response, NotifyType.NAT_DETECTION_DESTINATION_IP)
                .map(Payload.Notify::data)
                .filter(seen -> sa.path().isMobile()
                        && sa.isOriginalInitiator()
                        && sa.path().seenElsewhere(seen))
                .ifPresent(_ -> sa.enqueue(new UpdateAddresses(), turn));
    }
}
