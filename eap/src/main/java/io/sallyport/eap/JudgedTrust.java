package io.sallyport.eap;

import io.sallyport.base.Bytes;
import java.net.Socket;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Asks the judge, and keeps what it said. Extended, so that the JDK adds no checks of host names of its own. */
final class JudgedTrust extends X509ExtendedTrustManager {
    private final Judge judge;
    private Optional<String> peer = Optional.empty();
    private Optional<String> refused = Optional.empty();

    JudgedTrust(Judge judge) {
        this.judge = judge;
    }

    /** Whom the certificate is made out to, once it was believed. */
    Optional<String> peer() {
        return peer;
    }

    /** Why it was not. */
    Optional<String> refused() {
        return refused;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        try {
            List<Bytes> encoded = new ArrayList<>();
            for (X509Certificate each : chain) {
                encoded.add(Bytes.wrap(each.getEncoded()));
            }
            peer = Optional.of(judge.judge(encoded));
        } catch (Judge.Refused e) {
            refused = Optional.of(e.detail());
            throw new CertificateException(e.detail());
        } catch (CertificateEncodingException e) {
            throw new CertificateException("it cannot be encoded", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    /** The JDK names the subjects of these in its request; names alone are enough for that. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
