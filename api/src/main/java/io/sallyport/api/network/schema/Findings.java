package io.sallyport.api.network.schema;

import io.sallyport.api.arm.Complaints;

/** Complaints about one resource: every message names its place, so that it stands alone. */
public final class Findings {
    private static final int SHOWN_MAX = 80;

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
        String shown = value.length() <= SHOWN_MAX ? value : value.substring(0, SHOWN_MAX) + "…";
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
