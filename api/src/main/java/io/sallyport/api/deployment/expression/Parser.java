package io.sallyport.api.deployment.expression;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

/** Reads expressions. Length and depth are bounded: a template comes from outside. */
public final class Parser {
    private static final int LENGTH_MAX = 24_576;
    private static final int DEPTH_MAX = 64;

    private final String text;
    private int at;
    private int depth;

    private Parser(String text) {
        this.text = text;
    }

    /** Whether a text is an expression rather than itself. */
    public static boolean isExpression(String text) {
        return text.startsWith("[") && text.endsWith("]") && !text.startsWith("[[");
    }

    /** A text that is no expression: {@code [[} stands for {@code [}. */
    public static String plain(String text) {
        return text.startsWith("[[") ? text.substring(1) : text;
    }

    /**
     * Reads {@code [expression]}.
     *
     * @throws TemplateFault with what was found and what is allowed
     */
    public static Expression parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new TemplateFault("found an expression of " + text.length() + " characters; allowed: " + LENGTH_MAX);
        }
        Parser parser = new Parser(text.substring(1, text.length() - 1));
        Expression out = parser.expression();
        parser.blanks();
        if (parser.at < parser.text.length()) {
            throw parser.unexpected("the end of the expression");
        }
        return out;
    }

    private Expression expression() {
        if (++depth > DEPTH_MAX) {
            throw new TemplateFault("found an expression nested more than " + DEPTH_MAX + " deep");
        }
        Expression out = primary();
        while (true) {
            blanks();
            if (peek('.')) {
                at++;
                boolean lenient = take('?');
                out = new Expression.Member(out, new Expression.Literal(StringNode.valueOf(name())), lenient);
            } else if (peek('[')) {
                at++;
                boolean lenient = take('?');
                Expression key = expression();
                expect(']');
                out = new Expression.Member(out, key, lenient);
            } else {
                depth--;
                return out;
            }
        }
    }

    private Expression primary() {
        blanks();
        if (peek('\'')) {
            return new Expression.Literal(StringNode.valueOf(quoted()));
        }
        if (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '-')) {
            return new Expression.Literal(number());
        }
        String name = name();
        blanks();
        if (!peek('(')) {
            throw unexpected("'(' after " + name);
        }
        at++;
        List<Expression> arguments = new ArrayList<>();
        blanks();
        if (take(')')) {
            return new Expression.Call(name, arguments);
        }
        while (true) {
            arguments.add(expression());
            blanks();
            if (take(')')) {
                return new Expression.Call(name, arguments);
            }
            expect(',');
        }
    }

    private String quoted() {
        at++;
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\'') {
                out.append(c);
            } else if (peek('\'')) {
                out.append('\'');
                at++;
            } else {
                return out.toString();
            }
        }
        throw new TemplateFault("found a text without its closing quote");
    }

    private tools.jackson.databind.JsonNode number() {
        int begin = at;
        at++;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        String digits = text.substring(begin, at);
        if (!digits.matches("-?[0-9]{1,18}")) {
            throw new TemplateFault("found a number that is too large or none");
        }
        long value = Long.parseLong(digits);
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    private String name() {
        blanks();
        int begin = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (begin == at) {
            throw unexpected("a name");
        }
        String name = text.substring(begin, at);
        // User functions are written namespace.name(…).
        if (at + 1 < text.length() && peek('.') && text.substring(at).matches("(?s)\\.[A-Za-z0-9_]+\\(.*")) {
            throw new TemplateFault("NotSupported", "functions that a template defines itself are not supported");
        }
        return name;
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean peek(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private boolean take(char c) {
        boolean there = peek(c);
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) {
        blanks();
        if (!take(c)) {
            throw unexpected("'" + c + "'");
        }
    }

    private TemplateFault unexpected(String wanted) {
        String found = at < text.length() ? "'" + text.charAt(at) + "' at character " + (at + 2) : "the end";
        return new TemplateFault("found " + found + " in an expression; expected " + wanted);
    }
}
