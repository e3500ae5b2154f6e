package io.sallyport.os;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signatures by OpenSSL 3 for whoever asks the JDK for them: certificates' chains, proofs of IKE, TLS. Where the library is missing, or does not agree with the JDK, the JDK's own
 * provider answers as before.
 */
public final class LibcryptoSignatures extends Provider {
    private static final long serialVersionUID = 1;
    private static final String NAME = "SallyportLibcrypto";
    private static final String EC_KEYS = "java.security.interfaces.ECPrivateKey|java.security.interfaces.ECPublicKey";
    private static final String RSA_KEYS =
            "java.security.interfaces.RSAPrivateKey|java.security.interfaces.RSAPublicKey";

    /** Found out when the first signature is asked for, so that a start does not wait for it. */
    private static final class Agreement {
        static final boolean REACHED = agrees();

        private Agreement() {}

        private static boolean agrees() {
            if (!Libcrypto.isInstalled()) {
                return false;
            }
            try {
                KeyPairGenerator keys = KeyPairGenerator.getInstance("EC", "SunEC");
                keys.initialize(new ECGenParameterSpec("secp256r1"));
                KeyPair pair = keys.generateKeyPair();
                Signature theirs = Signature.getInstance("SHA256withECDSA", "SunEC");
                LibcryptoSignature ours = LibcryptoSignature.ecdsa("SHA-256", false);
                ours.engineInitSign(pair.getPrivate());
                byte[] signed = ours.engineSign();
                theirs.initVerify(pair.getPublic());
                if (!theirs.verify(signed)) {
                    return false;
                }
                ours.engineInitVerify(pair.getPublic());
                return ours.engineVerify(signed);
            } catch (GeneralSecurityException | IllegalStateException e) {
                return false;
            }
        }
    }

    /** Makes what signs or checks once. */
    private interface Maker {
        LibcryptoSignature make() throws NoSuchAlgorithmException;
    }

    private LibcryptoSignatures() {
        super(NAME, "1", "signatures by OpenSSL");
        for (String digest : new String[] {"SHA-256", "SHA-384", "SHA-512"}) {
            String plain = digest.replace("-", "");
            offer(plain + "withECDSA", EC_KEYS, () -> LibcryptoSignature.ecdsa(digest, false));
            offer(plain + "withECDSAinP1363Format", EC_KEYS, () -> LibcryptoSignature.ecdsa(digest, true));
            offer(plain + "withRSA", RSA_KEYS, () -> LibcryptoSignature.rsa(digest));
        }
        offer("NONEwithECDSA", EC_KEYS, () -> LibcryptoSignature.ecdsa("", false));
        offer("NONEwithECDSAinP1363Format", EC_KEYS, () -> LibcryptoSignature.ecdsa("", true));
        offer("RSASSA-PSS", RSA_KEYS, LibcryptoSignature::pss);
    }

    private void offer(String algorithm, String keys, Maker maker) {
        Map<String, String> attributes = Map.of("SupportedKeyClasses", keys);
        putService(new Service(this, "Signature", algorithm, LibcryptoSignature.class.getName(), null, attributes) {
            @Override
            public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
                if (!Agreement.REACHED) {
                    throw new NoSuchAlgorithmException("OpenSSL signs nothing here");
                }
                return maker.make();
            }
        });
    }

    /** Is asked before the JDK's providers from now on. Once is enough; {@code -Dsallyport.crypto=jdk} leaves things as they are. */
    public static void prefer() {
        if (!"jdk".equals(System.getProperty("sallyport.crypto")) && Security.getProvider(NAME) == null) {
            Security.insertProviderAt(new LibcryptoSignatures(), 1);
        }
    }
}
