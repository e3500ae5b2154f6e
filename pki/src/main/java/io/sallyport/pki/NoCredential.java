package io.sallyport.pki;

/** A key or certificate of ours is missing or cannot be used; the message is one line for people, without secrets. */
public final class NoCredential extends Exception {
    private static final long serialVersionUID = 1L;

    public NoCredential(String detail) {
        super(detail, null, false, false);
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
