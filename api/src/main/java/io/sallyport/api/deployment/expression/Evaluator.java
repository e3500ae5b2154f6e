package io.sallyport.api.deployment.expression;

import io.sallyport.model.document.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** Works out values in which texts may be expressions. Work is bounded: a template comes from outside. */
public final class Evaluator {
    private static final SortedMap<String, Function> FUNCTIONS = functions();
    /** Of one template with everything in it. */
    private static final int STEPS_MAX = 500_000;

    private static final int DEPTH_MAX = 100;
    private static final int COPIES_MAX = 800;
    /** Functions of templates that exist and that Sallyport does not have. */
    private static final List<String> UNSUPPORTED = List.of(
            "map",
            "filter",
            "reduce",
            "sort",
            "groupBy",
            "toObject",
            "lambda",
            "lambdaVariables",
            "newGuid",
            "utcNow",
            "dateTimeAdd",
            "dateTimeToEpoch",
            "dateTimeFromEpoch",
            "environment",
            "providers",
            "pickZones",
            "listKeys",
            "list",
            "listSecrets",
            "listAccountSas",
            "dataUri",
            "dataUriToString",
            "float",
            "managementGroup",
            "tenant",
            "deployer",
            "toLogicalZone",
            "toLogicalZones",
            "references",
            "shallowMerge",
            "mapValues",
            "buildUri");

    private final Context context;
    private int steps;
    private int depth;

    /** What the functions that look around see. */
    public interface Context {
        /** The value of a function that looks around; nothing when there is no such function. */
        Optional<JsonNode> call(String name, List<JsonNode> arguments);

        /** The names of those functions. */
        List<String> names();

        /** What {@code body} answers while {@code copyIndex(name)} is {@code index}. */
        JsonNode inLoop(String name, int index, Supplier<JsonNode> body);
    }

    public Evaluator(Context context) {
        this.context = context;
    }

    private static SortedMap<String, Function> functions() {
        SortedMap<String, Function> out = new TreeMap<>();
        Stream.of(TextFunctions.all(), ListFunctions.all(), LogicFunctions.all(), CidrFunctions.all())
                .flatMap(List::stream)
                .forEach(f -> out.put(f.name().toLowerCase(Locale.ROOT), f));
        return out;
    }

    /** The value with every expression in it worked out; the argument stays as it is. */
    public JsonNode value(JsonNode written) {
        step();
        if (++depth > DEPTH_MAX) {
            throw new TemplateFault("found values nested more than " + DEPTH_MAX + " deep");
        }
        try {
            if (written.isString()) {
                String text = written.stringValue();
                return Parser.isExpression(text) ? evaluate(Parser.parse(text)) : Arguments.ofText(Parser.plain(text));
            }
            if (written instanceof ArrayNode list) {
                ArrayNode out = Arguments.JSON.createArrayNode();
                list.forEach(item -> out.add(value(item)));
                return out;
            }
            if (written instanceof ObjectNode fields) {
                ObjectNode out = Arguments.JSON.createObjectNode();
                for (Map.Entry<String, JsonNode> field : fields.properties()) {
                    if (isCopies(field)) {
                        field.getValue()
                                .forEach(copy -> out.set(copy.path("name").asString(""), copies(copy)));
                    } else {
                        out.set(name(field.getKey()), value(field.getValue()));
                    }
                }
                return out;
            }
            return written;
        } finally {
            depth--;
        }
    }

    /** {@code "copy": [{name, count, input}]} makes a list under each name. */
    private static boolean isCopies(Map.Entry<String, JsonNode> field) {
        boolean fits = field.getKey().equals("copy")
                && field.getValue().isArray()
                && !field.getValue().isEmpty();
        for (JsonNode each : field.getValue()) {
            fits &= each.has("name") && each.has("count") && each.has("input");
        }
        return fits;
    }

    private JsonNode copies(JsonNode copy) {
        return copies(copy.path("name").asString(""), copy.path("count"), copy.path("input"));
    }

    /** {@code count} times {@code input}. */
    public ArrayNode copies(String name, JsonNode count, JsonNode input) {
        int number = count(count);
        ArrayNode out = Arguments.JSON.createArrayNode();
        for (int i = 0; i < number; i++) {
            out.add(context.inLoop(name, i, () -> value(input)));
        }
        return out;
    }

    /** The number of a copy loop. */
    public int count(JsonNode written) {
        JsonNode value = value(written);
        int number = value.isIntegralNumber() ? value.asInt(-1) : -1;
        if (number < 0 || number > COPIES_MAX) {
            throw new TemplateFault("found " + (value.isNumber() ? value.toString() : Arguments.kind(value))
                    + " as the count of a copy; allowed: a whole number in 0.." + COPIES_MAX);
        }
        return number;
    }

    private String name(String written) {
        return Parser.isExpression(written) ? Arguments.plain(evaluate(Parser.parse(written))) : written;
    }

    public JsonNode evaluate(Expression expression) {
        step();
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Member member -> member(member);
            case Expression.Call call -> call(call);
        };
    }

    private void step() {
        if (++steps > STEPS_MAX) {
            throw new TemplateFault("the template takes more than " + STEPS_MAX + " steps to work out");
        }
    }

    private JsonNode member(Expression.Member member) {
        JsonNode of = evaluate(member.of());
        JsonNode key = evaluate(member.key());
        Optional<JsonNode> found = Optional.empty();
        if (of.isArray() && key.isIntegralNumber()) {
            int index = key.asInt(-1);
            found = index >= 0 && index < of.size() ? Optional.of(of.get(index)) : Optional.empty();
        } else if (of.isObject() && key.isString()) {
            for (Map.Entry<String, JsonNode> field : of.properties()) {
                if (field.getKey().equalsIgnoreCase(key.stringValue())) {
                    found = Optional.of(field.getValue());
                }
            }
        } else if (!member.lenient()) {
            throw new TemplateFault("found " + Arguments.kind(of) + " where a part is taken by " + Arguments.kind(key)
                    + "; allowed: a list with a number, or an object with a name");
        }
        if (found.isEmpty() && !member.lenient()) {
            throw new TemplateFault("found no '" + Arguments.plain(key) + "' in " + Arguments.kind(of) + names(of));
        }
        return found.orElse(NullNode.getInstance());
    }

    private static String names(JsonNode of) {
        return of.isObject()
                ? "; it has: "
                        + String.join(
                                ", ", of.propertyNames().stream().limit(20).toList())
                : " of " + of.size() + " elements";
    }

    private JsonNode call(Expression.Call call) {
        String name = call.name().toLowerCase(Locale.ROOT);
        if (name.equals("if")) {
            if (call.arguments().size() != 3) {
                throw new TemplateFault("found " + call.arguments().size() + " arguments of if(); allowed: 3");
            }
            // Only the side that is taken is worked out.
            boolean holds =
                    new Arguments("if", List.of(evaluate(call.arguments().get(0)))).flag(0);
            return evaluate(call.arguments().get(holds ? 1 : 2));
        }
        List<JsonNode> values = new ArrayList<>();
        for (Expression argument : call.arguments()) {
            values.add(evaluate(argument));
        }
        Function function = FUNCTIONS.get(name);
        if (function != null) {
            return function.call(values);
        }
        return context.call(name, values).orElseThrow(() -> unknown(call.name()));
    }

    private TemplateFault unknown(String name) {
        if (UNSUPPORTED.stream().anyMatch(name::equalsIgnoreCase)) {
            return new TemplateFault("NotSupported", "the function " + name + "() is not supported");
        }
        List<String> all =
                new ArrayList<>(FUNCTIONS.values().stream().map(Function::name).toList());
        all.addAll(context.names());
        all.add("if");
        String hint = Spelling.nearest(name, all)
                .map(near -> "did you mean " + near + "()?")
                .orElse("it has: " + String.join(", ", all.stream().sorted().toList()));
        return new TemplateFault("there is no function " + name + "(); " + hint);
    }
}
