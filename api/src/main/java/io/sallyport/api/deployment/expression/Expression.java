package io.sallyport.api.deployment.expression;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** An expression as a tree. */
public sealed interface Expression {
    /** A text or a whole number. */
    record Literal(JsonNode value) implements Expression {}

    /** {@code name(arguments)}. */
    record Call(String name, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * {@code of.name} or {@code of[key]}.
     *
     * @param lenient whether absence is null rather than a mistake ({@code .?} and {@code [?})
     */
    record Member(Expression of, Expression key, boolean lenient) implements Expression {}
}
