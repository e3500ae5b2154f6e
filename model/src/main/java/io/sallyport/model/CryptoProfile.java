package io.sallyport.model;

import io.sallyport.model.document.ArmName;

/** Named lists of algorithms for connections without a policy of their own. */
public enum CryptoProfile implements ArmName {
    /** What Azure's gateways offer and accept, with modern algorithms in front. */
    AZURE("azure"),
    /** Nothing that is weak today. */
    MODERN("modern"),
    /** The Commercial National Security Algorithm suite's strengths. */
    CNSA("cnsa");

    private final String armName;

    CryptoProfile(String armName) {
        this.armName = armName;
    }

    @Override
    public String armName() {
        return armName;
    }
}
