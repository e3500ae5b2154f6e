package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Leads one conversation as server: asks who it is, offers methods, believes one of them (RFC 3748 section 2). Not for use
 * by two threads at a time.
 */
public final class EapServer {
    /** A conversation of more rounds is no conversation. */
    private static final int ROUNDS_MAX = 50;

    private static final int PACKET_MAX = 64 * 1024;
    private static final int IDENTITY_MAX = 253;

    private final List<ServerMethod> offers;
    private Optional<ServerMethod> method = Optional.empty();
    private String user = "";
    private int identifier;
    private int rounds;
    private boolean ended;
    private boolean answered;

    /** @param offers best first; at least one */
    public EapServer(List<ServerMethod> offers, int firstIdentifier) {
        this.offers = new ArrayList<>(offers);
        this.identifier = firstIdentifier & 0xff;
    }

    /** The first request: who are you? */
    public Bytes begin() {
        return new EapPacket(EapPacket.REQUEST, identifier, EapPacket.IDENTITY, Bytes.EMPTY).write();
    }

    public Outcome on(Bytes received) {
        try {
            if (ended || ++rounds > ROUNDS_MAX || received.size() > PACKET_MAX) {
                return fail(ended ? "it goes on after its end" : "it has too many rounds, or too large ones");
            }
            EapPacket packet = EapPacket.read(received);
            if (packet.code() != EapPacket.RESPONSE) {
                return fail("the client sent the EAP code " + packet.code() + "; allowed: 2, a response");
            }
            if (packet.identifier() != identifier) {
                return fail("the client answered request " + packet.identifier() + "; asked: " + identifier);
            }
            return method.isPresent() ? talk(method.get(), packet) : identity(packet);
        } catch (Malformed e) {
            return fail(String.valueOf(e.getMessage()));
        }
    }

    private Outcome identity(EapPacket packet) throws Malformed {
        if (packet.type() != EapPacket.IDENTITY || packet.data().size() > IDENTITY_MAX) {
            return fail("the client did not say who it is");
        }
        user = packet.data().printable();
        return offer(offers.removeFirst());
    }

    private Outcome offer(ServerMethod next) throws Malformed {
        method = Optional.of(next);
        answered = false;
        return say(next, next.begin(user));
    }

    private Outcome talk(ServerMethod current, EapPacket packet) throws Malformed {
        // RFC 3748 section 5.3.1: a Nak is only allowed as the answer to the first request of a method.
        if (packet.type() == EapPacket.NAK && !answered) {
            for (ServerMethod other : offers) {
                if (wants(packet.data(), other.type())) {
                    offers.remove(other);
                    return offer(other);
                }
            }
            return fail("the client wants the EAP types " + list(packet.data()) + ", which are not offered");
        }
        if (packet.type() != current.type()) {
            return fail("the client answered by the EAP type " + packet.type() + "; asked: " + current.type());
        }
        answered = true;
        return switch (current.on(packet.data())) {
            case Step.Say(Bytes data) -> say(current, data);
            case Step.Proven proven -> {
                ended = true;
                yield new Outcome.Done(
                        EapPacket.end(EapPacket.SUCCESS, identifier), current.name(), proven.user(), proven.msk());
            }
            case Step.SayNo(Bytes data, String who, String detail) -> {
                user = who;
                yield new Outcome.Next(request(current, data), Optional.of(failed(detail)));
            }
            case Step.Quit quit -> fail(quit.detail());
            case Step.Refuse(String who, String detail) -> {
                user = who;
                yield fail(detail);
            }
        };
    }

    private Outcome say(ServerMethod current, Bytes data) {
        return Outcome.Next.of(request(current, data));
    }

    private Bytes request(ServerMethod current, Bytes data) {
        identifier = (identifier + 1) & 0xff;
        return new EapPacket(EapPacket.REQUEST, identifier, current.type(), data).write();
    }

    private Outcome fail(String detail) {
        ended = true;
        return failed(detail);
    }

    private Outcome.Failed failed(String detail) {
        return new Outcome.Failed(
                EapPacket.end(EapPacket.FAILURE, identifier),
                method.map(ServerMethod::name).orElse("EAP"),
                user,
                detail,
                false);
    }

    private static boolean wants(Bytes types, int type) {
        for (int i = 0; i < types.size(); i++) {
            if (types.at(i) == type) {
                return true;
            }
        }
        return false;
    }

    private static String list(Bytes types) {
        List<String> out = new ArrayList<>();
        for (int i = 0; i < Math.min(types.size(), 8); i++) {
            out.add(String.valueOf(types.at(i)));
        }
        return String.join(", ", out);
    }
}
