package io.sallyport.eap;

import io.sallyport.base.Secret;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.List;
import java.util.Optional;
import javax.crypto.KeyGenerator;
import javax.crypto.KeyGeneratorSpi;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Overhears the master secret of a TLS 1.2 handshake without the extended master secret (RFC 7627), from which RFC 5216
 * section 2.3 makes the keys. The JDK's exporter refuses such sessions and has no other door; but it asks the providers for
 * the derivation by its name, and this provider passes the question on. The JDK derives extended ones under another name, so
 * that what is overheard is only ever of the old kind. Should a later JDK ask differently, nothing is overheard, and the
 * handshake ends with the reason.
 */
final class MasterSecret {
    private static final String ALGORITHM = "SunTls12MasterSecret";
    private static final String JDK = "SunJCE";
    private static final ScopedValue<MasterSecret> LISTENING = ScopedValue.newInstance();

    static {
        int before = List.of(Security.getProviders()).indexOf(Security.getProvider(JDK));
        Security.insertProviderAt(new Passing(), Math.max(1, before + 1));
    }

    private Optional<Secret> overheard = Optional.empty();

    /** Runs a part of a handshake. */
    <T, X extends Throwable> T during(ScopedValue.CallableOp<T, X> part) throws X {
        return ScopedValue.where(LISTENING, this).call(part);
    }

    /** Empty: the handshake is not over, or its secret is of the better kind. */
    Optional<Secret> overheard() {
        return overheard;
    }

    private static final class Passing extends Provider {
        private static final long serialVersionUID = 1;

        Passing() {
            super("SallyportEap", "1", "passes on what TLS asks of " + JDK);
            putService(new Service(this, "KeyGenerator", ALGORITHM, Generator.class.getName(), null, null) {
                @Override
                public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
                    return new Generator();
                }
            });
        }
    }

    private static final class Generator extends KeyGeneratorSpi {
        private final KeyGenerator jdk;

        Generator() throws NoSuchAlgorithmException {
            try {
                jdk = KeyGenerator.getInstance(ALGORITHM, JDK);
            } catch (NoSuchProviderException e) {
                throw new NoSuchAlgorithmException(e);
            }
        }

        @Override
        protected void engineInit(SecureRandom random) {
            throw new InvalidParameterException("what the secret is derived from is missing");
        }

        @Override
        protected void engineInit(@Nullable AlgorithmParameterSpec given, SecureRandom random)
                throws InvalidAlgorithmParameterException {
            jdk.init(given, random);
        }

        @Override
        protected void engineInit(int keysize, SecureRandom random) {
            throw new InvalidParameterException("what the secret is derived from is missing");
        }

        @Override
        protected SecretKey engineGenerateKey() {
            SecretKey made = jdk.generateKey();
            byte @Nullable [] octets = made.getEncoded();
            if (octets == null) {
                throw new ProviderException("the master secret cannot be read");
            }
            if (LISTENING.isBound()) {
                LISTENING.get().overheard = Optional.of(Secret.of(octets));
            }
            java.util.Arrays.fill(octets, (byte) 0);
            return made;
        }
    }
}
