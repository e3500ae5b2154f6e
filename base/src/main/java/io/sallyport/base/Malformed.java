package io.sallyport.base;

/**
 * Octets from the network that cannot be what they claim to be. Carries no stack trace: it is ordinary, and may come
 * at line rate.
 */
public final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field which field of which structure, as the RFC names it
     * @param problem what was found and what is allowed; no content of the packet beyond numbers
     */
    public Malformed(String field, String problem) {
        super(field + ": " + problem, null, false, false);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
