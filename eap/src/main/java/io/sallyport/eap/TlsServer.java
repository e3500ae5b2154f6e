package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * EAP-TLS as server (RFC 5216, RFC 9190). The user is whom the certificate is made out to, whatever the client called itself
 * before (CVE-2022-4967).
 */
public final class TlsServer implements ServerMethod {
    public static final String NAME = "EAP-TLS";
    static final int TYPE = 13;

    private final TlsIdentity own;
    private final Judge judge;
    private final TlsFragments fragments = new TlsFragments();
    private Optional<TlsEngine> engine = Optional.empty();
    private Optional<Step> after = Optional.empty();
    private String identity = "";
    private boolean failed;

    public TlsServer(TlsIdentity own, Judge judge) {
        this.own = own;
        this.judge = judge;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Bytes begin(String name) {
        identity = name;
        engine = Optional.of(TlsEngine.server(own, judge));
        return TlsFragments.START;
    }

    @Override
    public Step on(Bytes data) throws Malformed {
        return switch (fragments.receive(data)) {
            case TlsFragments.Came.Start _ -> new Step.Refuse(identity, "the client sent the start of EAP-TLS");
            case TlsFragments.Came.Piece _ -> new Step.Say(TlsFragments.EMPTY);
            case TlsFragments.Came.Whole(Bytes message) -> whole(message);
        };
    }

    private Step whole(Bytes message) {
        if (fragments.hasMore() || after.isPresent()) {
            if (!message.isEmpty()) {
                return new Step.Refuse(identity, failed ? reason() : "the client spoke where it had to listen");
            }
            return fragments.next().<Step>map(Step.Say::new).orElseGet(() -> after.orElseThrow());
        }
        if (message.isEmpty()) {
            return new Step.Refuse(identity, "the client sent an empty TLS message");
        }
        return handshake(message, engine.orElseThrow());
    }

    private String reason() {
        return after.isPresent() && after.get() instanceof Step.Refuse refuse ? refuse.detail() : "TLS failed";
    }

    private Step handshake(Bytes message, TlsEngine tls) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try {
            Bytes answer = tls.exchange(message, plain);
            if (plain.size() > 0) {
                return new Step.Refuse(identity, "the client sent data inside of EAP-TLS");
            }
            if (tls.isFinished()) {
                after = Optional.of(new Step.Proven(Bytes.EMPTY, tls.peer(), tls.msk()));
                // RFC 9190 section 2.5: one octet of zero says, protected, that no more handshake messages follow.
                answer = tls.isTls13() ? Bytes.concat(answer, tls.write(new byte[1])) : answer;
            }
            if (answer.isEmpty()) {
                return new Step.Refuse(identity, "the TLS handshake does not go on");
            }
            return new Step.Say(fragments.send(answer));
        } catch (SSLException e) {
            failed = true;
            Bytes alert = tls.alert();
            Step.Refuse refuse = new Step.Refuse(identity, tls.reason(e));
            after = Optional.of(refuse);
            // RFC 5216 section 2.1.3: the alert is sent, and then the end. Many a client goes away at the alert.
            return alert.isEmpty() ? refuse : new Step.SayNo(fragments.send(alert), identity, refuse.detail());
        }
    }
}
