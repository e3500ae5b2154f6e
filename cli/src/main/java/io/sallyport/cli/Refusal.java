package io.sallyport.cli;

import java.util.List;

/** Refused or failed; the lines are for a person. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(List<String> lines) {
        super(String.join("\n", lines), null, false, false);
    }

    Refusal(String line) {
        this(List.of(line));
    }

    /** At least one. */
    public List<String> lines() {
        return String.valueOf(getMessage()).lines().toList();
    }
}
