package io.sallyport.api.network.schema;

import io.sallyport.api.arm.Complaints;

/** Complaints about one resource: every message names its place, so that it stands alone. */
public final class Findings {
    private static final int SHOWN_MAX = 80;
    /** An id is of no use without its end. */
    private static final int ID_SHOWN_MAX = 500;

    private final Complaints complaints;

    public Findings(Complaints complaints) {
        this.complaints = complaints;
    }

    /**
     * Says that something is wrong.
     *
     * @param path such as {@code properties.ipsecPolicies[0].dhGroup}
     * @param text what was found and what is allowed
     */
    public void wrong(String code, String path, String text) {
        complaints.add(code, path, path + ": " + text);
    }

    public void warn(String path, String text) {
        complaints.warn(path, text);
    }

    /** A value for people, not longer than a line. */
    public static String quoted(String value) {
        int max = value.startsWith("/subscriptions/") ? ID_SHOWN_MAX : SHOWN_MAX;
        String shown = value.length() <= max ? value : value.substring(0, max) + "…";
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
