package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.util.Optional;

/**
 * Answers one conversation as client, by one method; every other is refused with a Nak. An EAP-Success is believed only when
 * the method has proven the server (RFC 3748 section 4.2; CVE-2021-45079). Not for use by two threads at a time.
 */
public final class EapClient {
    private static final int ROUNDS_MAX = 50;
    private static final int PACKET_MAX = 64 * 1024;

    private final String user;
    private final ClientMethod method;
    private Optional<Secret> msk = Optional.empty();
    private Optional<Step.Quit> quit = Optional.empty();
    private int rounds;
    private boolean ended;

    public EapClient(String user, ClientMethod method) {
        this.user = user;
        this.method = method;
    }

    public Outcome on(Bytes received) {
        try {
            if (ended || ++rounds > ROUNDS_MAX || received.size() > PACKET_MAX) {
                return fail(ended ? "it goes on after its end" : "it has too many rounds, or too large ones", false);
            }
            if (quit.isPresent()) {
                return fail(quit.get().detail(), quit.get().byPeer());
            }
            EapPacket packet = EapPacket.read(received);
            return switch (packet.code()) {
                case EapPacket.REQUEST -> request(packet);
                case EapPacket.SUCCESS -> success();
                case EapPacket.FAILURE -> fail("the server refused it", true);
                default -> fail("the server sent the EAP code " + packet.code(), false);
            };
        } catch (Malformed e) {
            return fail(String.valueOf(e.getMessage()), false);
        }
    }

    private Outcome request(EapPacket packet) throws Malformed {
        if (packet.type() == EapPacket.IDENTITY) {
            return answer(packet, EapPacket.IDENTITY, Bytes.utf8(user));
        }
        if (packet.type() == EapPacket.NOTIFICATION) {
            return answer(packet, EapPacket.NOTIFICATION, Bytes.EMPTY);
        }
        if (packet.type() != method.type()) {
            return answer(packet, EapPacket.NAK, Bytes.ofInts(method.type()));
        }
        if (msk.isPresent()) {
            return fail("the server goes on after the method's end", false);
        }
        return switch (method.on(packet.data())) {
            case Step.Say(Bytes data) -> answer(packet, method.type(), data);
            case Step.Proven proven -> {
                msk = Optional.of(proven.msk());
                yield answer(packet, method.type(), proven.data());
            }
            case Step.Quit last -> {
                quit = Optional.of(last);
                yield answer(packet, method.type(), last.data());
            }
            case Step.SayNo(Bytes _, String _, String detail) -> fail(detail, false);
            case Step.Refuse refuse -> fail(refuse.detail(), false);
        };
    }

    private static Outcome answer(EapPacket packet, int type, Bytes data) {
        return Outcome.Next.of(new EapPacket(EapPacket.RESPONSE, packet.identifier(), type, data).write());
    }

    private Outcome success() {
        if (msk.isEmpty()) {
            return fail("the server claims success before it has proven itself", false);
        }
        ended = true;
        return new Outcome.Done(Bytes.EMPTY, method.name(), user, msk.get());
    }

    private Outcome fail(String detail, boolean byPeer) {
        ended = true;
        return new Outcome.Failed(Bytes.EMPTY, method.name(), user, detail, byPeer);
    }
}
