package io.sallyport.gateway;

import java.util.List;

/** Explains. */
public final class Why {
    private Why() {}

    /** An explanation for a person. */
    public record Explanation(String sentence, List<String> advice, List<Row> table) {}

    /** One line of a comparison. */
    public record Row(String what, String ours, String peers, boolean differs) {}

    public static Explanation of(ConnectionStatus status) {
        return new Explanation(
                status.trouble().map(t -> FactText.of(t.failure())).orElse("nothing has failed"), List.of(), List.of());
    }
}
