package io.sallyport.api.network.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The shapes of every type, read from {@code microsoft-network.schema}, which explains its own form. */
public final class Schema {
    public static final String PROVIDER = "Microsoft.Network";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Schema NETWORK = read("microsoft-network.schema");

    private final SortedMap<String, Shape> resources = new TreeMap<>();
    private final SortedMap<String, Shape> shapes = new TreeMap<>();

    private Schema() {}

    public static Schema network() {
        return NETWORK;
    }

    /** The types, such as {@code virtualNetworks}. */
    public List<String> types() {
        return List.copyOf(resources.keySet());
    }

    /** What stands at the top of a resource. */
    public Shape resource(String type) {
        return found(resources.get(type), type);
    }

    public Shape shape(String name) {
        return found(shapes.get(name), name);
    }

    private static Shape found(@Nullable Shape shape, String name) {
        if (shape == null) {
            throw new IllegalArgumentException("the schema has no " + name);
        }
        return shape;
    }

    private static Schema read(String file) {
        try (InputStream in = Schema.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing from the program");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Schema parse(String text) {
        Schema out = new Schema();
        List<String> head = List.of();
        List<Property> body = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("  ")) {
                body.add(property(line.strip()));
            } else {
                out.add(head, body);
                head = List.of(line.split(" +"));
                body = new ArrayList<>();
            }
        }
        out.add(head, body);
        return out;
    }

    private void add(List<String> head, List<Property> body) {
        if (head.isEmpty()) {
            return;
        }
        Shape shape = new Shape(head.get(1), body);
        SortedMap<String, Shape> where = head.getFirst().equals("resource") ? resources : shapes;
        if (where.put(shape.name(), shape) != null) {
            throw new IllegalStateException("the schema has two of " + shape.name());
        }
    }

    private static Property property(String line) {
        // Words of an enumeration may hold one blank, so that columns are told apart by two.
        List<String> columns = List.of(line.split(" {2,}"));
        List<String> flags = columns.subList(2, columns.size());
        String name = columns.getFirst();
        boolean open = flags.contains("open");
        Property.Origin origin = flags.contains("kept")
                ? Property.Origin.KEPT
                : flags.contains("read-only") ? Property.Origin.SHOWN : Property.Origin.WRITTEN;
        Optional<JsonNode> initial = flags.stream()
                .filter(f -> f.startsWith("="))
                .map(f -> initial(f.substring(1)))
                .findFirst();
        return new Property(
                name,
                kind(columns.get(1), open),
                flags.contains("required"),
                origin,
                flags.contains("untyped"),
                initial);
    }

    private static JsonNode initial(String text) {
        boolean word = text.matches("[A-Za-z].*") && !text.equals("true") && !text.equals("false");
        return JSON.readTree(word ? '"' + text + '"' : text);
    }

    private static Kind kind(String text, boolean open) {
        if (text.startsWith("[")) {
            return new Kind.Many(kind(text.substring(1, text.length() - 1), open));
        }
        if (text.startsWith("{")) {
            return new Kind.Table(kind(text.substring(1, text.length() - 1), open));
        }
        if (text.startsWith("->")) {
            return new Kind.Reference(text.substring(2));
        }
        if (text.startsWith("*") && !text.contains("|")) {
            return new Kind.Named(text.substring(1));
        }
        if (text.contains("|")) {
            return new Kind.Word(List.of(text.split("\\|")), open);
        }
        int dots = text.indexOf("..");
        if (dots > 0) {
            return new Kind.Whole(Long.parseLong(text.substring(0, dots)), Long.parseLong(text.substring(dots + 2)));
        }
        return switch (text) {
            case "flag" -> new Kind.Flag();
            case "whole" -> new Kind.Whole(Long.MIN_VALUE, Long.MAX_VALUE);
            case "number" -> new Kind.Fraction();
            case "text" -> new Kind.Text();
            case "secret" -> new Kind.Hidden();
            case "address" -> new Kind.IpAddress();
            case "prefix" -> new Kind.IpPrefix();
            case "any" -> new Kind.Anything();
            default -> new Kind.Group(text);
        };
    }
}
