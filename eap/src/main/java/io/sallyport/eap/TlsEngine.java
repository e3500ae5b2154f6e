package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * A TLS handshake of 1.3 or 1.2 without a socket: octets go in, octets come out. Every conversation has a context of its own,
 * so that nothing can be resumed. The other end's certificate is judged inside of the handshake; what the judge refuses can
 * never be a success (CVE-2023-26463).
 */
final class TlsEngine {
    /** Longer than a ticket may live (RFC 8446 section 4.6.1: seven days), by which the JDK knows to send none. */
    private static final int NO_TICKETS = 7 * 24 * 3_600 + 1;

    private static final int STEPS_MAX = 200;
    private static final int KEYS = 128;
    private static final int MSK = 64;
    private static final int EAP_TLS = 13;
    private static final String LABEL_12 = "client EAP encryption";
    private static final String LABEL_13 = "EXPORTER_EAP_TLS_Key_Material";

    private final SSLEngine engine;
    private final JudgedTrust trust;
    private final MasterSecret master = new MasterSecret();
    private final Tls12Keys keys12 = new Tls12Keys();
    private boolean begun;
    private boolean finished;

    private TlsEngine(SSLEngine engine, JudgedTrust trust) {
        this.engine = engine;
        this.trust = trust;
    }

    static TlsEngine server(TlsIdentity own, Judge judge) {
        return make(own, judge, false);
    }

    static TlsEngine client(TlsIdentity own, Judge judge) {
        return make(own, judge, true);
    }

    /** Before the handshake begins: this version and no other. */
    TlsEngine only(String protocol) {
        engine.setEnabledProtocols(new String[] {protocol});
        return this;
    }

    private static TlsEngine make(TlsIdentity own, Judge judge, boolean isClient) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            JudgedTrust trust = new JudgedTrust(judge);
            context.init(new KeyManager[] {new OwnKey(own)}, new TrustManager[] {trust}, null);
            context.getServerSessionContext().setSessionTimeout(NO_TICKETS);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(isClient);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            // RFC 9325 section 4.1: keys of one conversation must not fall with a key that lives for years.
            parameters.setCipherSuites(Arrays.stream(parameters.getCipherSuites())
                    .filter(s ->
                            s.startsWith("TLS_AES_") || s.startsWith("TLS_CHACHA20_") || s.startsWith("TLS_ECDHE_"))
                    .toArray(String[]::new));
            if (!isClient) {
                parameters.setNeedClientAuth(true);
            }
            engine.setSSLParameters(parameters);
            return new TlsEngine(engine, trust);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot speak TLS", e);
        }
    }

    /** The handshake is over, and the other end's certificate was believed. */
    boolean isFinished() {
        return finished && trust.peer().isPresent();
    }

    boolean isTls13() {
        return engine.getSession().getProtocol().equals("TLSv1.3");
    }

    /** TLS 1.2 without the extended master secret. */
    boolean isOfTheOldKind() {
        return master.overheard().isPresent();
    }

    /** Whom the other end's certificate is made out to. */
    String peer() {
        return trust.peer().orElseThrow(() -> new IllegalStateException("nobody was judged"));
    }

    /** Why it failed, for people. */
    String reason(SSLException e) {
        return trust.refused()
                .orElse("TLS failed: "
                        + Bytes.utf8(String.valueOf(e.getMessage())).printable());
    }

    /** What is to be sent after octets came; what the other end wrote for us is added to {@code plain}. */
    Bytes exchange(Bytes incoming, ByteArrayOutputStream plain) throws SSLException {
        keys12.look(incoming);
        Bytes out = master.during(() -> step(incoming, plain));
        keys12.look(out);
        return out;
    }

    private Bytes step(Bytes incoming, ByteArrayOutputStream plain) throws SSLException {
        if (!begun) {
            begun = true;
            engine.beginHandshake();
        }
        ByteBuffer in = ByteBuffer.wrap(incoming.toArray());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int step = 0; step < STEPS_MAX; step++) {
            HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_WRAP -> wrap(new byte[0], out);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
                    boolean again = status == HandshakeStatus.NEED_UNWRAP_AGAIN;
                    if (!in.hasRemaining() && !again || engine.isInboundDone()) {
                        return Bytes.wrap(out.toByteArray());
                    }
                    if (!unwrap(in, plain)) {
                        throw new SSLException("a TLS record is cut off");
                    }
                }
            }
        }
        throw new SSLException("the handshake does not end");
    }

    /** The alert that tells the other end what was wrong, if the engine wants to send one. */
    Bytes alert() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (int step = 0; step < 4 && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; step++) {
                wrap(new byte[0], out);
            }
        } catch (SSLException e) {
            return Bytes.wrap(out.toByteArray());
        }
        return Bytes.wrap(out.toByteArray());
    }

    Bytes write(byte[] plain) throws SSLException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        wrap(plain, out);
        return Bytes.wrap(out.toByteArray());
    }

    private void wrap(byte[] plain, ByteArrayOutputStream out) throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        SSLEngineResult result = engine.wrap(ByteBuffer.wrap(plain), record);
        out.write(record.array(), 0, record.position());
        note(result);
    }

    private boolean unwrap(ByteBuffer in, ByteArrayOutputStream plain) throws SSLException {
        ByteBuffer opened = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result = engine.unwrap(in, opened);
        plain.write(opened.array(), 0, opened.position());
        note(result);
        return result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW;
    }

    private void note(SSLEngineResult result) {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            finished = true;
        }
    }

    /** RFC 5216 section 2.3 and RFC 9190 section 2.3: 128 octets are asked for, as their number goes into the arithmetic. */
    Secret msk() throws SSLException {
        ExtendedSSLSession session = (ExtendedSSLSession) engine.getSession();
        Secret keys = isTls13()
                ? Secret.wrap(session.exportKeyingMaterialData(LABEL_13, new byte[] {EAP_TLS}, KEYS))
                : keys12(session);
        try {
            return keys.slice(0, MSK);
        } finally {
            keys.destroy();
        }
    }

    /**
     * RFC 7627 section 5.4 forbids exports without the extended master secret, since with it two conversations can be brought
     * to one secret: by key exchanges that one end alone decides, or by resumption and renegotiation. Here a key exchange is
     * ECDHE over named curves with checked points, both ends sign it, and nothing is resumed or renegotiated. So the
     * derivation of RFC 5216, which is older and no export, stays open to clients that know no better.
     */
    private Secret keys12(ExtendedSSLSession session) throws SSLException {
        Optional<Secret> old = master.overheard();
        if (old.isPresent()) {
            Optional<Secret> keys = keys12.export(old.get(), session.getCipherSuite(), LABEL_12, KEYS);
            old.get().destroy();
            return keys.orElseThrow(
                    () -> new SSLException("the other end cut its first TLS message into unusual records"));
        }
        try {
            return Secret.wrap(session.exportKeyingMaterialData(LABEL_12, null, KEYS));
        } catch (SSLException | RuntimeException e) {
            throw new SSLException(
                    "the other end speaks TLS 1.2 without the extended master secret (RFC 7627), for which this Java"
                            + " gives no keys; allowed: with it, or TLS 1.3",
                    e);
        }
    }
}
