package io.sallyport.api.arm;

import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that can be asked of a resource besides reading and writing it.
 *
 * @param method GET, PUT or POST
 * @param pattern what follows the resource's id, such as {@code sharedkey/reset} or
 *     {@code peerings/{peering}/arpTables/{device}}; matched without regard to case
 * @param run decides what comes of it; does no I/O
 */
public record Operation(String method, String pattern, Run run) {
    /** The code of an operation. */
    @FunctionalInterface
    public interface Run {
        Outcome answer(Call call) throws Refused;
    }

    /**
     * One call.
     *
     * @param resource on which
     * @param variables what the pattern's names stand for
     * @param query the query's parameters, names in lower case
     * @param body what was sent; a missing node when nothing was
     */
    public record Call(
            ArmResource resource,
            Map<String, String> variables,
            Map<String, String> query,
            JsonNode body,
            World world) {
        public Call {
            variables = Map.copyOf(variables);
            query = Map.copyOf(query);
        }
    }

    /** What is to be done. */
    public sealed interface Outcome {
        /** Answers 200 with this. */
        record Answer(JsonNode body) implements Outcome {}

        /** Stores the resource in this form, then answers 200 with {@code body}. */
        record Replace(ArmResource next, JsonNode body) implements Outcome {}

        /**
         * Has the engine do {@code verb}; the answer is what {@code shape} makes of the engine's result. It takes as long
         * as it takes: a quick one is answered at once, a slow one becomes a long-running operation.
         *
         * @param isAlwaysAccepted whether even a quick one is answered 202, because Azure defines nothing else and its SDKs
         *     take nothing else
         */
        record Command(String verb, ObjectNode arguments, UnaryOperator<JsonNode> shape, boolean isAlwaysAccepted)
                implements Outcome {
            public Command(String verb, ObjectNode arguments, UnaryOperator<JsonNode> shape) {
                this(verb, arguments, shape, false);
            }
        }
    }
}
