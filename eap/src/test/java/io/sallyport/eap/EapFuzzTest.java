package io.sallyport.eap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.util.List;
import java.util.Optional;

/** Any octets at all: they are read, or {@link Malformed}; and no conversation is convinced by them. */
class EapFuzzTest {
    private static final Secret PASSWORD = Secret.utf8("p");
    private static final TlsIdentity OWN = identity();

    @FuzzTest
    void readsAnyPacket(byte[] octets) {
        Bytes given = Bytes.of(octets);
        try {
            assertThat(EapPacket.read(given).write()).isEqualTo(given);
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
    }

    @FuzzTest
    void readsAnyMschapv2Message(byte[] octets) {
        try {
            MsChapMessage.request(Bytes.of(octets));
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
        try {
            MsChapMessage.answer(Bytes.of(octets));
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
    }

    @FuzzTest
    void putsAnyTlsFragmentsTogether(byte[] octets) {
        TlsFragments fragments = new TlsFragments();
        int piece = octets.length == 0 ? 1 : 1 + (octets[0] & 0x3f);
        try {
            for (int at = 0; at < octets.length; at += piece) {
                fragments.receive(Bytes.of(octets, at, Math.min(piece, octets.length - at)));
            }
        } catch (Malformed e) {
            assertThat(e.field()).isNotEmpty();
        }
    }

    @FuzzTest
    void noServerAndNoClientIsConvinced(byte[] octets) {
        EapServer server = new EapServer(List.of(new MsChapServer(_ -> Optional.of(PASSWORD), b -> {})), 0);
        server.begin();
        EapClient client = new EapClient("u", new MsChapClient("u", PASSWORD, b -> {}));
        int piece = octets.length == 0 ? 1 : 5 + (octets[0] & 0x3f);
        for (int at = 0; at < octets.length; at += piece) {
            Bytes packet = Bytes.of(octets, at, Math.min(piece, octets.length - at));
            assertThat(server.on(packet)).isNotInstanceOf(Outcome.Done.class);
            assertThat(client.on(packet)).isNotInstanceOf(Outcome.Done.class);
        }
    }

    /** The hello of a client that knows TLS, and then anything; pieces are cut at will. */
    @FuzzTest
    void noTlsServerIsConvinced(byte[] octets) {
        EapServer server = new EapServer(List.of(new TlsServer(OWN, _ -> "anybody")), 0);
        server.begin();
        Bytes request = ((Outcome.Next) server.on(Bytes.ofInts(2, 0, 0, 6, 1, 'u'))).packet();
        int piece = octets.length == 0 ? 1 : 1 + (octets[0] & 0xff);
        for (int at = 0; at < octets.length; at += piece) {
            Bytes data = Bytes.of(octets, at, Math.min(piece, octets.length - at));
            Outcome came = server.on(new EapPacket(EapPacket.RESPONSE, request.at(1), TlsServer.TYPE, data).write());
            assertThat(came).isNotInstanceOf(Outcome.Done.class);
            if (!(came instanceof Outcome.Next(Bytes next, var _))) {
                return;
            }
            request = next;
        }
    }

    private static TlsIdentity identity() {
        try {
            return Certs.of("gateway", "EC");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
