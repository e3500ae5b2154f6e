package io.sallyport.app.lab;

/** The lab could not do as it was told; the message says which command failed and what it printed. */
public final class LabFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LabFailure(String message) {
        super(message);
    }

    public LabFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
