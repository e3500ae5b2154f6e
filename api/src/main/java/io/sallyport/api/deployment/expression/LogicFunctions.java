package io.sallyport.api.deployment.expression;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongBinaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Functions of truths and numbers. */
final class LogicFunctions {
    private static final int MANY = Integer.MAX_VALUE;

    private LogicFunctions() {}

    static List<Function> all() {
        return List.of(
                new Function("equals", 2, 2, a -> Arguments.ofFlag(same(a.at(0), a.at(1)))),
                new Function("not", 1, 1, a -> Arguments.ofFlag(!a.flag(0))),
                new Function("and", 2, MANY, a -> Arguments.ofFlag(count(a) == a.size())),
                new Function("or", 2, MANY, a -> Arguments.ofFlag(count(a) > 0)),
                new Function("bool", 1, 1, LogicFunctions::bool),
                new Function("true", 0, 0, _ -> Arguments.ofFlag(true)),
                new Function("false", 0, 0, _ -> Arguments.ofFlag(false)),
                new Function("null", 0, 0, _ -> NullNode.getInstance()),
                new Function("coalesce", 1, MANY, LogicFunctions::coalesce),
                compare("less", c -> c < 0),
                compare("lessOrEquals", c -> c <= 0),
                compare("greater", c -> c > 0),
                compare("greaterOrEquals", c -> c >= 0),
                new Function("int", 1, 1, LogicFunctions::whole),
                number("add", Math::addExact),
                number("sub", Math::subtractExact),
                number("mul", Math::multiplyExact),
                number("div", (x, y) -> x / y),
                number("mod", (x, y) -> x % y),
                new Function("min", 1, MANY, a -> extreme(a, true)),
                new Function("max", 1, MANY, a -> extreme(a, false)));
    }

    /** 1 and 1.0, and numbers of different width, are the same; texts differ by case. */
    private static boolean same(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }

    private static int count(Arguments a) {
        int out = 0;
        for (int i = 0; i < a.size(); i++) {
            out += a.flag(i) ? 1 : 0;
        }
        return out;
    }

    private static JsonNode bool(Arguments a) {
        JsonNode value = a.at(0);
        if (value.isBoolean()) {
            return value;
        }
        if (value.isNumber()) {
            return Arguments.ofFlag(value.asLong(0) != 0);
        }
        String text = a.text(0);
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw a.wrong(0, "'true' or 'false'");
        }
        return Arguments.ofFlag(text.equalsIgnoreCase("true"));
    }

    private static JsonNode coalesce(Arguments a) {
        return a.values().stream().filter(v -> !v.isNull()).findFirst().orElse(NullNode.getInstance());
    }

    private static Function compare(String name, IntPredicate fits) {
        return new Function(name, 2, 2, a -> {
            int order = a.at(0).isString() ? a.text(0).compareTo(a.text(1)) : Long.compare(a.number(0), a.number(1));
            return Arguments.ofFlag(fits.test(order));
        });
    }

    private static JsonNode whole(Arguments a) {
        if (a.at(0).isString()) {
            String text = a.text(0).strip();
            if (!text.matches("-?[0-9]{1,18}")) {
                throw a.wrong(0, "a whole number, also as text");
            }
            return Arguments.ofNumber(Long.parseLong(text));
        }
        return Arguments.ofNumber(a.number(0));
    }

    private static Function number(String name, LongBinaryOperator operator) {
        return new Function(name, 2, 2, a -> {
            try {
                return Arguments.ofNumber(operator.applyAsLong(a.number(0), a.number(1)));
            } catch (ArithmeticException e) {
                throw new TemplateFault(name + "() of these numbers has no answer: " + e.getMessage());
            }
        });
    }

    private static JsonNode extreme(Arguments a, boolean least) {
        List<JsonNode> values = a.size() == 1 && a.at(0).isArray() ? a.list(0) : a.values();
        if (values.isEmpty()) {
            throw a.wrong(0, "at least one number");
        }
        Arguments all = new Arguments(a.function(), values);
        long out = all.number(0);
        for (int i = 1; i < values.size(); i++) {
            out = least ? Math.min(out, all.number(i)) : Math.max(out, all.number(i));
        }
        return Arguments.ofNumber(out);
    }
}
