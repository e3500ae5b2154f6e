package io.sallyport.model.document;

import io.sallyport.base.Bytes;

/**
 * Something wrong with what a person wrote.
 *
 * @param severity whether it stops everything
 * @param subject whose: {@code connections/hub-to-branch}; may be empty
 * @param path which property; may be empty
 * @param text what was found and what is allowed, in one line; never a secret
 */
public record Problem(Severity severity, Place place, String subject, String path, String text) {
    /** Whether a problem stops everything. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public Problem {
        text = Bytes.utf8(text).printable();
        subject = Bytes.utf8(subject).printable();
        path = Bytes.utf8(path).printable();
    }

    /** {@code file:line: type/name: property: text}. */
    @Override
    public String toString() {
        return place
                + ": "
                + (severity == Severity.WARNING ? "warning: " : "")
                + (subject.isEmpty() ? "" : subject + ": ")
                + (path.isEmpty() ? "" : path + ": ")
                + text;
    }
}
