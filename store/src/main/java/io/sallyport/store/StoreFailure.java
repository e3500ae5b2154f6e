package io.sallyport.store;

/** The store cannot write now: the message says why and what to do, in one line. The store can still be read. */
public final class StoreFailure extends Exception {
    private static final long serialVersionUID = 1L;

    public StoreFailure(String message) {
        super(message);
    }

    public StoreFailure(String message, Throwable cause) {
        super(message, cause);
    }

    static StoreFailure closed() {
        return new StoreFailure("the store is closed");
    }
}
