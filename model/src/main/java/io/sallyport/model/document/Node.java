package io.sallyport.model.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A YAML or JSON value as written. Its {@code toString} never shows content, because content may be a shared key.
 */
public sealed interface Node {
    Place place();

    /** One word for people: what kind of value this is. */
    default String kind() {
        return switch (this) {
            case Text _ -> "a text";
            case Num _ -> "a number";
            case Bool _ -> "true or false";
            case Items _ -> "a list";
            case Fields _ -> "a group of properties";
            case Nothing _ -> "nothing";
        };
    }

    /** A text. */
    record Text(String value, Place place) implements Node {
        @Override
        public String toString() {
            return "Text[" + value.length() + " characters at " + place + "]";
        }
    }

    /** A number, kept as it was written. */
    record Num(String source, Place place) implements Node {
        @Override
        public String toString() {
            return "Num[" + source.length() + " characters at " + place + "]";
        }
    }

    /** True or false. */
    record Bool(boolean value, Place place) implements Node {}

    /** A list. */
    record Items(List<Node> items, Place place) implements Node {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** Named values in the order in which they were written; names are unique. */
    record Fields(List<Field> fields, Place place) implements Node {
        public Fields {
            fields = List.copyOf(fields);
        }

        public Optional<Node> field(String name) {
            for (Field field : fields) {
                if (field.name().equals(name)) {
                    return Optional.of(field.value());
                }
            }
            return Optional.empty();
        }

        /** The same without what {@code path} leads to; unchanged when it leads nowhere. */
        public Fields without(List<String> path) {
            List<Field> kept = new ArrayList<>();
            for (Field field : fields) {
                if (!field.name().equals(path.getFirst())) {
                    kept.add(field);
                } else if (path.size() > 1 && field.value() instanceof Fields inner) {
                    kept.add(new Field(field.name(), field.place(), inner.without(path.subList(1, path.size()))));
                } else if (path.size() > 1) {
                    kept.add(field);
                }
            }
            return new Fields(kept, place);
        }
    }

    /** A name and its value; the place is the name's. */
    record Field(String name, Place place, Node value) {}

    /** An explicit null, which means the same as leaving the property out. */
    record Nothing(Place place) implements Node {}
}
