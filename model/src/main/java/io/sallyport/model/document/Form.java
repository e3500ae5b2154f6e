package io.sallyport.model.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads one group of properties. Every property is asked for by its exact name; what was never asked for is looked at
 * by {@link #finish()}. Whatever is wrong goes to the {@link Problems}, and the answer is then empty.
 */
public final class Form {
    private static final int SHOWN_MAX = 80;

    private final Node.Fields fields;
    private final String subject;
    private final String path;
    private final Problems problems;
    private final List<String> known = new ArrayList<>();
    private boolean lenient;

    public Form(Node.Fields fields, String subject, String path, Problems problems) {
        this.fields = fields;
        this.subject = subject;
        this.path = path;
        this.problems = problems;
    }

    public Place place() {
        return fields.place();
    }

    /** From now on, and in every group inside, names that nobody knows are no matter, and an empty text is nothing. */
    public Form lenient() {
        lenient = true;
        return this;
    }

    public String path() {
        return path;
    }

    /** Names that are accepted as they are and given back, but that change nothing here. */
    public Form keeps(String... names) {
        known.addAll(List.of(names));
        return this;
    }

    public boolean has(String name) {
        return value(name).isPresent();
    }

    public Optional<String> text(String name) {
        return placedText(name).map(Placed::value);
    }

    public Optional<Placed<String>> placedText(String name) {
        return value(name).flatMap(node -> asText(node, at(name)));
    }

    public Optional<String> requiredText(String name) {
        return requiredPlacedText(name).map(Placed::value);
    }

    public Optional<Placed<String>> requiredPlacedText(String name) {
        require(name);
        return placedText(name);
    }

    /** A text whose content is never shown, not even when it is wrong. */
    public Optional<Placed<String>> secretText(String name) {
        return value(name).flatMap(node -> switch (node) {
            case Node.Text text -> Optional.of(new Placed<>(text.value(), text.place(), at(name)));
            case Node.Num num -> Optional.of(new Placed<>(num.source(), num.place(), at(name)));
            case Node.Bool _, Node.Items _, Node.Fields _, Node.Nothing _ -> {
                problems.error(node.place(), subject, at(name), "found " + node.kind() + "; allowed: a text in quotes");
                yield Optional.empty();
            }
        });
    }

    public boolean flag(String name) {
        return value(name)
                .map(node -> switch (node) {
                    case Node.Bool bool -> bool.value();
                    case Node.Text _, Node.Num _, Node.Items _, Node.Fields _, Node.Nothing _ -> {
                        problems.error(
                                node.place(), subject, at(name), "found " + shown(node) + "; allowed: true, false");
                        yield false;
                    }
                })
                .orElse(false);
    }

    /** A whole number in {@code min..max}. */
    public Optional<Long> number(String name, long min, long max) {
        return value(name).flatMap(node -> {
            if (node instanceof Node.Num num && num.source().matches("-?[0-9]{1,18}")) {
                long value = Long.parseLong(num.source());
                if (value >= min && value <= max) {
                    return Optional.of(value);
                }
            }
            problems.error(
                    node.place(),
                    subject,
                    at(name),
                    "found " + shown(node) + "; allowed: a whole number in " + min + ".." + max);
            return Optional.empty();
        });
    }

    public boolean isZero(String name) {
        return value(name)
                .filter(node -> node instanceof Node.Num num && num.source().equals("0"))
                .isPresent();
    }

    public <E extends Enum<E> & ArmName> Optional<E> choice(String name, Class<E> type) {
        List<E> all = List.of(type.getEnumConstants());
        return placedText(name).flatMap(found -> {
            for (E each : all) {
                if (each.armName().equalsIgnoreCase(found.value())) {
                    return Optional.of(each);
                }
            }
            String allowed =
                    String.join(", ", all.stream().map(ArmName::armName).toList());
            wrong(found, "allowed: " + allowed);
            return Optional.empty();
        });
    }

    public <E extends Enum<E> & ArmName> Optional<E> requiredChoice(String name, Class<E> type) {
        require(name);
        return choice(name, type);
    }

    /** A text that {@code parse} turns into a value; its exception says what is wrong with it. */
    public <T> Optional<Placed<T>> parsed(String name, Function<String, T> parse) {
        return placedText(name).flatMap(found -> parsed(found, parse));
    }

    public <T> Optional<Placed<T>> requiredParsed(String name, Function<String, T> parse) {
        require(name);
        return parsed(name, parse);
    }

    /** Each element of a list of texts, parsed; wrong ones are reported and left out. */
    public <T> List<Placed<T>> parsedList(String name, Function<String, T> parse) {
        List<Placed<T>> out = new ArrayList<>();
        for (Node item : items(name)) {
            asText(item, at(name) + "[" + out.size() + "]")
                    .flatMap(found -> parsed(found, parse))
                    .ifPresent(out::add);
        }
        return List.copyOf(out);
    }

    /** Whether a list stands there, with nothing in it. */
    public boolean isEmptyList(String name) {
        return value(name)
                .filter(node -> node instanceof Node.Items list && list.items().isEmpty())
                .isPresent();
    }

    public Optional<Form> form(String name) {
        return value(name).flatMap(node -> asForm(node, at(name)));
    }

    public Optional<Form> requiredForm(String name) {
        require(name);
        return form(name);
    }

    public List<Form> forms(String name) {
        List<Form> out = new ArrayList<>();
        int index = 0;
        for (Node item : items(name)) {
            asForm(item, at(name) + "[" + index + "]").ifPresent(out::add);
            index++;
        }
        return List.copyOf(out);
    }

    /** Only these constants can be done; the others are refused by name. */
    public void only(String name, List<String> doable, String why) {
        placedText(name).ifPresent(found -> {
            if (doable.stream().noneMatch(found.value()::equalsIgnoreCase)) {
                wrong(found, "allowed: " + String.join(", ", doable) + " (" + why + ")");
            }
        });
    }

    /** Refuses {@code true}. */
    public void refuseTrue(String name, String why) {
        Optional<Node> node = value(name);
        if (flag(name)) {
            problems.error(
                    node.orElse(fields).place(), subject, at(name), "found 'true'; allowed: false (" + why + ")");
        }
    }

    /** Says of {@code true} that it has no effect here yet. */
    public void notYetTrue(String name, String why) {
        Optional<Node> node = value(name);
        if (flag(name)) {
            problems.warning(node.orElse(fields).place(), subject, at(name), "has no effect: " + why);
        }
    }

    /** Says of anything but absence, null, an empty list and an empty group that it has no effect here yet. */
    public void notYet(String name, String why) {
        value(name)
                .filter(node -> !isEmpty(node))
                .ifPresent(node -> problems.warning(node.place(), subject, at(name), "has no effect: " + why));
    }

    /** Refuses anything but absence, null, an empty list and an empty group. */
    public void refuse(String name, String why) {
        value(name)
                .filter(node -> !isEmpty(node))
                .ifPresent(node -> problems.error(
                        node.place(),
                        subject,
                        at(name),
                        "found " + node.kind() + "; allowed: leave it out (" + why + ")"));
    }

    private static boolean isEmpty(Node node) {
        return node instanceof Node.Items items && items.items().isEmpty()
                || node instanceof Node.Fields inner && inner.fields().isEmpty();
    }

    /** What was written under {@code name} cannot be; {@code text} says what is allowed. */
    public void wrong(String name, String text) {
        Place where = value(name).map(Node::place).orElse(place());
        problems.error(where, subject, at(name), text);
    }

    /** Says that {@code found} is wrong, showing it. */
    public void wrong(Placed<String> found, String allowed) {
        problems.error(found.place(), subject, found.path(), "found '" + shorten(found.value()) + "'; " + allowed);
    }

    /** Something that works but that a person would want to know. */
    public void hint(String name, String text) {
        problems.warning(value(name).map(Node::place).orElse(place()), subject, at(name), text);
    }

    public void missing(String name, String text) {
        problems.error(place(), subject, at(name), text);
    }

    /** Unknown names are kept, since Azure adds some every year, but one that looks like a slip is refused. */
    public void finish() {
        if (lenient) {
            return;
        }
        for (Node.Field field : fields.fields()) {
            if (!known.contains(field.name())) {
                Spelling.nearest(field.name(), known)
                        .ifPresent(near -> problems.error(
                                field.place(),
                                subject,
                                at(field.name()),
                                "unknown property; did you mean '" + near + "'?"));
            }
        }
    }

    /** Unknown names are refused. */
    public void finishStrictly() {
        if (lenient) {
            return;
        }
        for (Node.Field field : fields.fields()) {
            if (!known.contains(field.name())) {
                String hint = Spelling.nearest(field.name(), known)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("allowed: "
                                + String.join(
                                        ", ", known.stream().sorted().distinct().toList()));
                problems.error(field.place(), subject, at(field.name()), "unknown property; " + hint);
            }
        }
    }

    private Optional<Node> value(String name) {
        if (!known.contains(name)) {
            known.add(name);
        }
        return fields.field(name).filter(node -> !isNothing(node));
    }

    /** Clients of Azure send an empty text where they mean nothing. */
    private boolean isNothing(Node node) {
        return node instanceof Node.Nothing
                || lenient && node instanceof Node.Text text && text.value().isEmpty();
    }

    private void require(String name) {
        if (value(name).isEmpty()) {
            missing(name, "missing; it is required");
        }
    }

    private List<Node> items(String name) {
        return value(name)
                .map(node -> {
                    if (node instanceof Node.Items list) {
                        return list.items();
                    }
                    problems.error(node.place(), subject, at(name), "found " + shown(node) + "; allowed: a list");
                    return List.<Node>of();
                })
                .orElse(List.of());
    }

    private <T> Optional<Placed<T>> parsed(Placed<String> found, Function<String, T> parse) {
        try {
            return Optional.of(new Placed<>(parse.apply(found.value()), found.place(), found.path()));
        } catch (IllegalArgumentException e) {
            String quoted = "'" + found.value() + "' ";
            String message = String.valueOf(e.getMessage());
            String text = message.startsWith(quoted)
                    ? "'" + shorten(found.value()) + "', which " + message.substring(quoted.length())
                    : message;
            problems.error(found.place(), subject, found.path(), "found " + text);
            return Optional.empty();
        }
    }

    private Optional<Placed<String>> asText(Node node, String where) {
        return switch (node) {
            case Node.Text text -> Optional.of(new Placed<>(text.value(), text.place(), where));
            case Node.Num num -> Optional.of(new Placed<>(num.source(), num.place(), where));
            case Node.Bool _, Node.Items _, Node.Fields _, Node.Nothing _ -> {
                problems.error(node.place(), subject, where, "found " + shown(node) + "; allowed: a text");
                yield Optional.empty();
            }
        };
    }

    private Optional<Form> asForm(Node node, String where) {
        if (node instanceof Node.Fields inner) {
            Form form = new Form(inner, subject, where, problems);
            return Optional.of(lenient ? form.lenient() : form);
        }
        problems.error(node.place(), subject, where, "found " + shown(node) + "; allowed: a group of properties");
        return Optional.empty();
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String shown(Node node) {
        return switch (node) {
            case Node.Text text -> "'" + shorten(text.value()) + "'";
            case Node.Num num -> "'" + shorten(num.source()) + "'";
            case Node.Bool bool -> "'" + bool.value() + "'";
            case Node.Items _, Node.Fields _, Node.Nothing _ -> node.kind();
        };
    }

    private static String shorten(String text) {
        return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
    }
}
