package io.sallyport.model;

import io.sallyport.model.document.ArmName;

/** How ESP travels. */
public enum Encapsulation implements ArmName {
    /** In UDP where there is a NAT or the peer is a Sallyport. */
    AUTO("auto"),
    /** Always in UDP. */
    UDP("udp"),
    /** As IP protocol 50 unless there is a NAT. */
    RAW("raw");

    private final String armName;

    Encapsulation(String armName) {
        this.armName = armName;
    }

    @Override
    public String armName() {
        return armName;
    }
}
