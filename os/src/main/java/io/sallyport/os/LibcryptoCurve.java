package io.sallyport.os;

import java.lang.foreign.Arena;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.List;
import java.util.Optional;

/**
 * A curve.
 *
 * @param sample a key on it whose parameters others copy: to find a curve by its name takes OpenSSL longer than to check a
 *     signature
 */
record LibcryptoCurve(ECParameterSpec parameters, LibcryptoKey sample) {
    private static final List<LibcryptoCurve> KNOWN =
            List.of(of("P-256", "secp256r1"), of("P-384", "secp384r1"), of("P-521", "secp521r1"));

    private static LibcryptoCurve of(String name, String jdkName) {
        try (Arena arena = Arena.ofConfined()) {
            AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
            named.init(new ECGenParameterSpec(jdkName));
            return new LibcryptoCurve(
                    named.getParameterSpec(ECParameterSpec.class),
                    LibcryptoKey.generate(arena.allocateFrom("EC"), arena.allocateFrom(name)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK does not know " + jdkName, e);
        }
    }

    /**
     * The curve all of whose parameters are the given ones: who brings parameters of his own may have chosen the generator to
     * his taste (CVE-2020-0601).
     */
    static Optional<LibcryptoCurve> of(ECParameterSpec given) {
        return KNOWN.stream().filter(each -> each.has(given)).findFirst();
    }

    private boolean has(ECParameterSpec given) {
        return parameters == given
                || parameters.getCurve().equals(given.getCurve())
                        && parameters.getGenerator().equals(given.getGenerator())
                        && parameters.getOrder().equals(given.getOrder())
                        && parameters.getCofactor() == given.getCofactor();
    }

    /** Octets of a coordinate, and of each number of a signature. */
    int width() {
        return (parameters.getOrder().bitLength() + 7) / 8;
    }
}
