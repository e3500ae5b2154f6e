package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** EAP-TLS as client (RFC 5216, RFC 9190). In TLS 1.3 it ends only with the server's protected indication of success. */
public final class TlsClient implements ClientMethod {
    private final String user;
    private final TlsIdentity own;
    private final Judge judge;
    private final TlsFragments fragments = new TlsFragments();
    private Optional<TlsEngine> engine = Optional.empty();
    private boolean told;

    public TlsClient(String user, TlsIdentity own, Judge judge) {
        this.user = user;
        this.own = own;
        this.judge = judge;
    }

    @Override
    public int type() {
        return TlsServer.TYPE;
    }

    @Override
    public String name() {
        return TlsServer.NAME;
    }

    @Override
    public Step on(Bytes data) throws Malformed {
        return switch (fragments.receive(data)) {
            case TlsFragments.Came.Start _ -> start();
            case TlsFragments.Came.Piece _ -> new Step.Say(TlsFragments.EMPTY);
            case TlsFragments.Came.Whole(Bytes message) -> whole(message);
        };
    }

    private Step start() {
        if (engine.isPresent()) {
            return new Step.Refuse(user, "the server began EAP-TLS a second time");
        }
        engine = Optional.of(TlsEngine.client(own, judge));
        return handshake(Bytes.EMPTY, engine.get());
    }

    private Step whole(Bytes message) {
        if (engine.isEmpty()) {
            return new Step.Refuse(user, "the server did not begin EAP-TLS");
        }
        if (fragments.hasMore()) {
            return message.isEmpty()
                    ? new Step.Say(fragments.next().orElseThrow())
                    : new Step.Refuse(user, "the server spoke where it had to listen");
        }
        if (message.isEmpty()) {
            return new Step.Refuse(user, "the server sent an empty TLS message");
        }
        return handshake(message, engine.get());
    }

    private Step handshake(Bytes message, TlsEngine tls) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try {
            Bytes answer = tls.exchange(message, plain);
            if (plain.size() > 0 && !(tls.isFinished() && plain.size() == 1 && plain.toByteArray()[0] == 0)) {
                return new Step.Refuse(user, "the server sent data inside of EAP-TLS");
            }
            told |= tls.isFinished() && (plain.size() == 1 || !tls.isTls13());
            if (told && answer.isEmpty()) {
                Secret msk = tls.msk();
                return new Step.Proven(TlsFragments.EMPTY, user, msk);
            }
            return new Step.Say(answer.isEmpty() ? TlsFragments.EMPTY : fragments.send(answer));
        } catch (SSLException e) {
            Bytes alert = tls.alert();
            // Without an alert of ours it was the server's, which is acknowledged (RFC 5216 section 2.1.3).
            return alert.isEmpty()
                    ? new Step.Quit(TlsFragments.EMPTY, tls.reason(e), true)
                    : new Step.Quit(fragments.send(alert), tls.reason(e), false);
        }
    }
}
