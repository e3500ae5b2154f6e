package io.sallyport.eap;

import io.sallyport.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Lets a server and a client talk until one of them is done. */
final class Talk {
    final List<Bytes> packets = new ArrayList<>();
    Outcome server = Outcome.Next.of(Bytes.EMPTY);
    Outcome client = Outcome.Next.of(Bytes.EMPTY);

    static Talk of(EapServer server, EapClient client) {
        Talk talk = new Talk();
        Bytes toClient = server.begin();
        while (talk.packets.size() < 120) {
            talk.packets.add(toClient);
            talk.client = client.on(toClient);
            if (!(talk.client instanceof Outcome.Next(Bytes answer, var _))) {
                return talk;
            }
            talk.packets.add(answer);
            talk.server = server.on(answer);
            toClient = switch (talk.server) {
                case Outcome.Next(Bytes packet, var _) -> packet;
                case Outcome.Done done -> done.packet();
                case Outcome.Failed failed -> failed.packet();
            };
        }
        throw new IllegalStateException("they talk for ever");
    }

    Outcome.Done serverDone() {
        return (Outcome.Done) server;
    }

    Outcome.Done clientDone() {
        return (Outcome.Done) client;
    }

    String serverRefusal() {
        return ((Outcome.Failed) server).detail();
    }

    String clientRefusal() {
        return ((Outcome.Failed) client).detail();
    }
}
