package io.sallyport.store;

/** An expectation of a commit was not met; nothing was changed. */
public final class Conflict extends Exception {
    private static final long serialVersionUID = 1L;

    private final String key;

    public Conflict(String key) {
        super("another change came first: " + key, null, false, false);
        this.key = key;
    }

    /** Whose expectation it was. */
    public String key() {
        return key;
    }
}
