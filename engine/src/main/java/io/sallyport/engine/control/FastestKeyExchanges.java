package io.sallyport.engine.control;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Secret;
import io.sallyport.crypto.JdkKeyExchanges;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.KeyExchanges;
import io.sallyport.os.LibcryptoKeyExchanges;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenSSL's where it is installed and agrees with the JDK's, else the JDK's; {@code -Dsallyport.crypto=jdk} chooses the latter.
 * Found out when the first handshake needs it, so that a start does not wait for it.
 */
public final class FastestKeyExchanges implements KeyExchanges {
    private static final Logger LOG = LoggerFactory.getLogger(FastestKeyExchanges.class);

    private final JdkKeyExchanges jdk;
    private volatile Optional<KeyExchanges> chosen = Optional.empty();

    public FastestKeyExchanges(Entropy entropy) {
        this.jdk = new JdkKeyExchanges(entropy);
    }

    @Override
    public KeyPairMade make(KeyExchangeMethod method) {
        return chosen().make(method);
    }

    @Override
    public Secret agree(KeyExchangeMethod method, PrivateKeyValue privateValue, Bytes peerPublic)
            throws InvalidPublicValue {
        return chosen().agree(method, privateValue, peerPublic);
    }

    private KeyExchanges chosen() {
        Optional<KeyExchanges> known = chosen;
        return known.isPresent() ? known.get() : choose();
    }

    private synchronized KeyExchanges choose() {
        if (chosen.isPresent()) {
            return chosen.get();
        }
        Optional<KeyExchanges> openssl = "jdk".equals(System.getProperty("sallyport.crypto"))
                ? Optional.empty()
                : LibcryptoKeyExchanges.find(jdk);
        LOG.debug("key exchange by {}", openssl.isPresent() ? LibcryptoKeyExchanges.label() : "the JDK");
        KeyExchanges made = openssl.orElse(jdk);
        chosen = Optional.of(made);
        return made;
    }
}
