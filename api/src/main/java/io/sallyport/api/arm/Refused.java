package io.sallyport.api.arm;

/** A request cannot be done; nothing was changed. */
public final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ArmError error;

    public Refused(ArmError error) {
        super(error.code() + ": " + error.message(), null, false, false);
        this.error = error;
    }

    public ArmError error() {
        return error;
    }
}
