package io.sallyport.api.network.schema;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Complaints;
import io.sallyport.base.Secret;
import io.sallyport.model.document.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a stored body of a written one: names and words as Azure spells them, what the server makes dropped or taken
 * over from what was stored before, {@code null} as absence, references reduced to full ids, defaults filled in, secrets
 * taken out, unknown properties kept with a warning.
 */
public final class Acceptance {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FORMAT = "InvalidRequestFormat";
    private static final String NAME = "[A-Za-z0-9]([A-Za-z0-9._ -]{0,78}[A-Za-z0-9_])?";
    /** What stands at the top beside the shape; the last ones only in files of people. */
    private static final List<String> ENVELOPE = List.of("id", "name", "type", "etag", "location", "tags");

    private static final List<String> BESIDE =
            List.of("apiVersion", "dependsOn", "comments", "resourceGroup", "systemData", "kind", "managedBy");

    private final Schema schema;
    private final ArmId id;
    private final Optional<ArmResource> before;
    private final Findings findings;
    private final Values values;
    private final SortedMap<String, Secret> secrets = new TreeMap<>();

    /** Where the walk is: for messages, for secrets, for ids, and what stood here before. */
    private record At(
            String path,
            String pointer,
            ArmId owner,
            @Nullable JsonNode before,
            String pointerBefore) {
        At property(String name) {
            return new At(
                    path.isEmpty() ? name : path + "." + name,
                    pointer + "/" + name,
                    owner,
                    before == null ? null : before.get(name),
                    pointerBefore + "/" + name);
        }
    }

    public Acceptance(Schema schema, ArmId id, Optional<ArmResource> before, Complaints complaints) {
        this.schema = schema;
        this.id = ResourceNames.canonical(before.map(ArmResource::id).orElse(id));
        this.before = before;
        this.findings = new Findings(complaints);
        this.values = new Values(findings);
    }

    public ArmResource accept(ObjectNode written) {
        ObjectNode body = JSON.createObjectNode();
        body.put("id", id.toString());
        body.put("name", id.name());
        body.put("type", id.type());
        before.map(b -> b.body().get("etag")).ifPresent(tag -> body.set("etag", tag));
        location(written, body);
        tags(written, body);
        At top = new At("", "", id, before.map(ArmResource::body).orElse(null), "");
        Shape shape = schema.resource(ResourceNames.shortType(id));
        List<String> beside = new ArrayList<>(ENVELOPE);
        beside.addAll(BESIDE);
        body.setAll(group(shape, written, top, beside));
        return new ArmResource(
                id, body, secrets, before.map(ArmResource::revision).orElse(0L));
    }

    private void location(ObjectNode written, ObjectNode body) {
        JsonNode found = field(written, "location");
        Optional<String> stored = before.map(b -> b.body().path("location").asString(""));
        String wanted = found == null || found.isNull() ? "" : found.asString("");
        // Azure takes "West US" for westus.
        String plain = wanted.toLowerCase(Locale.ROOT).replace(" ", "");
        if (!plain.matches("[a-z0-9-]{0,64}")) {
            findings.wrong(
                    "LocationNotAvailableForResourceType",
                    "location",
                    "found " + Findings.quoted(wanted) + "; allowed: letters, digits and '-', such as 'local'");
        } else if (plain.isEmpty()) {
            body.put("location", stored.filter(s -> !s.isEmpty()).orElse("local"));
        } else {
            if (stored.filter(s -> !s.isEmpty() && !s.equals(plain)).isPresent()) {
                findings.wrong(
                        "InvalidResourceLocation",
                        "location",
                        "found " + Findings.quoted(wanted) + ", but " + id + " exists in '" + stored.get()
                                + "'; a resource cannot move");
            }
            body.put("location", plain);
        }
    }

    private void tags(ObjectNode written, ObjectNode body) {
        JsonNode found = field(written, "tags");
        if (found == null || found.isNull()) {
            return;
        }
        if (!(found instanceof ObjectNode tags)) {
            values.refuse(found, "tags", "names with a text each");
            return;
        }
        ObjectNode out = body.putObject("tags");
        if (tags.size() > 50) {
            findings.wrong("InvalidTags", "tags", "found " + tags.size() + " tags; allowed: 50");
        }
        for (Map.Entry<String, JsonNode> tag : tags.properties()) {
            if (tag.getKey().isEmpty() || tag.getKey().length() > 512) {
                findings.wrong(
                        "InvalidTagNameLength",
                        "tags",
                        "found a name of " + tag.getKey().length() + " characters; allowed: 1 to 512");
            } else if (!tag.getValue().isNull()) {
                String path = "tags." + tag.getKey();
                values.text(tag.getValue(), path).ifPresent(text -> {
                    if (text.stringValue().length() > 256) {
                        findings.wrong(
                                "InvalidTagValueLength",
                                path,
                                "found " + text.stringValue().length() + " characters; allowed: 256");
                    }
                    out.set(tag.getKey(), text);
                });
            }
        }
    }

    private ObjectNode group(Shape shape, ObjectNode written, At at, List<String> beside) {
        SortedMap<String, JsonNode> found = new TreeMap<>();
        List<Map.Entry<String, JsonNode>> unknown = new ArrayList<>();
        TreeSet<String> seen = new TreeSet<>();
        for (Map.Entry<String, JsonNode> field : written.properties()) {
            String name = field.getKey();
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                findings.wrong(FORMAT, at.property(name).path(), "found twice, with different case; allowed: once");
            }
            Optional<Property> property = shape.find(name);
            if (property.isPresent()) {
                found.put(property.get().name(), field.getValue());
            } else if (beside.stream().noneMatch(name::equalsIgnoreCase)) {
                unknown.add(field);
            }
        }
        ObjectNode out = JSON.createObjectNode();
        for (Property property : shape.properties()) {
            At here = at.property(property.name());
            switch (property.origin()) {
                case SHOWN -> {}
                case KEPT -> kept(property, here, out);
                case WRITTEN -> written(property, found.get(property.name()), here, out);
            }
        }
        for (Map.Entry<String, JsonNode> field : unknown) {
            unknown(shape, field, at, out);
        }
        return out;
    }

    private void written(Property property, @Nullable JsonNode found, At at, ObjectNode out) {
        JsonNode value = found == null || found.isNull() ? property.initial().orElse(null) : found;
        if (property.kind() instanceof Kind.Hidden) {
            hidden(value, at);
        } else if (value != null) {
            accept(property.kind(), value, at).ifPresent(v -> out.set(property.name(), v));
        } else if (property.required()) {
            findings.wrong(FORMAT, at.path(), "missing; it is required" + allowed(property.kind()));
        }
    }

    private static String allowed(Kind kind) {
        return kind instanceof Kind.Word word ? "; allowed: " + String.join(", ", word.words()) : "";
    }

    private void kept(Property property, At at, ObjectNode out) {
        if (property.kind() instanceof Kind.Hidden) {
            keepSecret(at);
        } else if (at.before() != null) {
            out.set(property.name(), at.before().deepCopy());
        } else if (property.name().equals("resourceGuid")) {
            out.put(property.name(), UUID.randomUUID().toString());
        }
    }

    /** What was not written stays: a client that puts back what it was shown does not have it. */
    private void hidden(@Nullable JsonNode value, At at) {
        if (value == null || value.isString() && value.stringValue().isEmpty()) {
            keepSecret(at);
        } else if (value.isString() || value.isNumber()) {
            secrets.put(at.pointer(), Secret.utf8(value.asString()));
        } else {
            findings.wrong(FORMAT, at.path(), "found " + Values.kind(value) + "; allowed: a text");
        }
    }

    private void keepSecret(At at) {
        before.map(b -> b.secrets().get(at.pointerBefore())).ifPresent(s -> secrets.put(at.pointer(), s));
    }

    private void unknown(Shape shape, Map.Entry<String, JsonNode> field, At at, ObjectNode out) {
        String path = at.property(field.getKey()).path();
        Optional<String> near = Spelling.nearest(field.getKey(), shape.writable());
        if (shape.name().startsWith("Sallyport")) {
            findings.wrong(
                    FORMAT,
                    path,
                    "unknown property; "
                            + near.map(n -> "did you mean '" + n + "'?")
                                    .orElse("allowed: " + String.join(", ", shape.writable())));
        } else if (!field.getValue().isNull()) {
            findings.warn(
                    path,
                    near.map(n -> "unknown property; did you mean '" + n + "'?")
                            .orElse("unknown property, kept as it is"));
            out.set(field.getKey(), field.getValue().deepCopy());
        }
    }

    private Optional<JsonNode> accept(Kind kind, JsonNode found, At at) {
        return switch (kind) {
            case Kind.Flag _ -> values.flag(found, at.path());
            case Kind.Whole whole -> values.whole(whole, found, at.path());
            case Kind.Fraction _ -> values.fraction(found, at.path());
            case Kind.Text _ -> values.text(found, at.path());
            case Kind.Hidden _ -> {
                hidden(found, at);
                yield Optional.empty();
            }
            case Kind.IpAddress _ -> values.address(found, at.path());
            case Kind.IpPrefix _ -> values.prefix(found, at.path());
            case Kind.Anything _ -> Optional.of(found.deepCopy());
            case Kind.Word word -> values.word(word, found, at.path());
            case Kind.Reference reference -> reference(reference, found, at);
            case Kind.Group group -> {
                if (found instanceof ObjectNode inner) {
                    yield Optional.of(group(schema.shape(group.shape()), inner, at, List.of()));
                }
                yield values.refuse(found, at.path(), "a group of properties");
            }
            case Kind.Named named -> named(named, found, at);
            case Kind.Many many -> many(many, found, at);
            case Kind.Table table -> table(table, found, at);
        };
    }

    private Optional<JsonNode> reference(Kind.Reference kind, JsonNode found, At at) {
        JsonNode text = found.isString() ? found : found.isObject() ? field((ObjectNode) found, "id") : null;
        if (text == null || !text.isString()) {
            findings.wrong(FORMAT, at.path(), "found " + Values.kind(found) + "; allowed: { \"id\": … }");
            return Optional.empty();
        }
        Optional<ArmId> target = ResourceNames.resolve(text.stringValue(), id);
        boolean fits = target.filter(
                        t -> kind.type().isEmpty() || ResourceNames.shortType(t).equalsIgnoreCase(kind.type()))
                .isPresent();
        if (!fits) {
            String type = kind.type().isEmpty() ? "TYPE/NAME" : kind.type().replace("/", "/NAME/") + "/NAME";
            findings.wrong(
                    "LinkedInvalidPropertyId",
                    at.path() + ".id",
                    "found " + Findings.quoted(text.stringValue()) + "; allowed: an id such as /subscriptions/"
                            + id.subscription() + "/resourceGroups/" + id.group() + "/providers/Microsoft.Network/"
                            + type);
            return Optional.empty();
        }
        return Optional.of(
                JSON.createObjectNode().put("id", target.orElseThrow().toString()));
    }

    private Optional<JsonNode> many(Kind.Many kind, JsonNode found, At at) {
        if (!(found instanceof ArrayNode list)) {
            return values.refuse(found, at.path(), "a list");
        }
        ArrayNode out = JSON.createArrayNode();
        TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            int earlier = earlier(kind.element(), item, i, at.before());
            At here = new At(
                    at.path() + "[" + i + "]",
                    at.pointer() + "/" + out.size(),
                    at.owner(),
                    earlier < 0 || at.before() == null ? null : at.before().get(earlier),
                    at.pointerBefore() + "/" + earlier);
            if (kind.element() instanceof Kind.Named) {
                String name = name(item);
                if (!name.isEmpty() && !names.add(name.toLowerCase(Locale.ROOT))) {
                    findings.wrong(
                            "DuplicateResourceName",
                            here.path() + ".name",
                            "found " + Findings.quoted(name) + " a second time; allowed: names that differ");
                }
            }
            accept(kind.element(), item, here).ifPresent(out::add);
        }
        return Optional.of(out);
    }

    /** Which element of the list that was stored this one continues: of the same name, or of the same first text. */
    private int earlier(Kind kind, JsonNode item, int index, @Nullable JsonNode list) {
        if (list == null || !list.isArray()) {
            return -1;
        }
        if (kind instanceof Kind.Named) {
            for (int i = 0; i < list.size(); i++) {
                if (name(list.get(i)).equalsIgnoreCase(name(item))) {
                    return i;
                }
            }
            return -1;
        }
        if (kind instanceof Kind.Group group && item.isObject()) {
            String key = schema.shape(group.shape()).properties().getFirst().name();
            JsonNode wanted = field((ObjectNode) item, key);
            for (int i = 0; i < list.size(); i++) {
                if (wanted != null && wanted.equals(list.get(i).get(key))) {
                    return i;
                }
            }
            return -1;
        }
        return index < list.size() ? index : -1;
    }

    private Optional<JsonNode> named(Kind.Named kind, JsonNode found, At at) {
        if (!(found instanceof ObjectNode element)) {
            return values.refuse(found, at.path(), "an element with name and properties");
        }
        String written = name(element);
        if (!written.matches(NAME)) {
            findings.wrong(
                    "InvalidResourceName",
                    at.path() + ".name",
                    "found " + Findings.quoted(written)
                            + "; allowed: 1 to 80 letters, digits, '.', '_' and '-', beginning with a letter or digit");
            return Optional.empty();
        }
        String name = at.before() == null ? written : name(at.before());
        String list = at.path().substring(at.path().lastIndexOf('.') + 1).replaceAll("\\[\\d+]$", "");
        ArmId owner = at.owner().child(list, name);
        ObjectNode out = JSON.createObjectNode();
        out.put("name", name);
        out.put("id", owner.toString());
        if (at.before() != null && at.before().has("etag")) {
            out.set("etag", at.before().get("etag"));
        }
        JsonNode inner = field(element, "properties");
        At here = at.property("properties");
        At inside = new At(here.path(), here.pointer(), owner, here.before(), here.pointerBefore());
        if (inner != null && !inner.isNull() && !inner.isObject()) {
            return values.refuse(inner, inside.path(), "a group of properties");
        }
        ObjectNode given = inner instanceof ObjectNode o ? o : JSON.createObjectNode();
        out.set("properties", group(schema.shape(kind.shape()), given, inside, List.of()));
        for (Map.Entry<String, JsonNode> field : element.properties()) {
            String key = field.getKey();
            if (List.of("id", "name", "type", "etag", "properties").stream().noneMatch(key::equalsIgnoreCase)
                    && !field.getValue().isNull()) {
                findings.warn(at.property(key).path(), "unknown property, kept as it is");
                out.set(key, field.getValue().deepCopy());
            }
        }
        return Optional.of(out);
    }

    private Optional<JsonNode> table(Kind.Table kind, JsonNode found, At at) {
        if (!(found instanceof ObjectNode rows)) {
            return values.refuse(found, at.path(), "a group of properties");
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> row : rows.properties()) {
            accept(kind.value(), row.getValue(), at.property(row.getKey())).ifPresent(v -> out.set(row.getKey(), v));
        }
        return Optional.of(out);
    }

    /** The name of an element: written, or the last part of its id. */
    private static String name(JsonNode element) {
        if (!(element instanceof ObjectNode o)) {
            return "";
        }
        JsonNode name = field(o, "name");
        if (name != null && name.isString()) {
            return name.stringValue();
        }
        JsonNode id = field(o, "id");
        String text = id != null && id.isString() ? id.stringValue() : "";
        return text.substring(text.lastIndexOf('/') + 1);
    }

    private static @Nullable JsonNode field(ObjectNode of, String name) {
        JsonNode exact = of.get(name);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, JsonNode> field : of.properties()) {
            if (field.getKey().equalsIgnoreCase(name)) {
                return field.getValue();
            }
        }
        return null;
    }
}
