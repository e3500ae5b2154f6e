package io.sallyport.pki;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;

/** Which keys our authority makes. */
public enum KeyKind {
    /** ECDSA over P-256. */
    EC,
    /** RSA of 3072 bits, for clients and clouds that know nothing else. */
    RSA;

    private static final int RSA_BITS = 3_072;

    KeyPair pair() throws GeneralSecurityException {
        return switch (this) {
            case EC -> {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
                yield generator.generateKeyPair();
            }
            case RSA -> {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(RSA_BITS);
                yield generator.generateKeyPair();
            }
        };
    }

    static KeyKind of(PublicKey key) {
        return key instanceof RSAPublicKey ? RSA : EC;
    }

    static String algorithm(PrivateKey key) {
        return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }
}
