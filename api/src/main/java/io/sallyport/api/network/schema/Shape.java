package io.sallyport.api.network.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A group of properties; names are found without regard to case. */
public final class Shape {
    private final String name;
    private final List<Property> properties;
    /** As Azure spells them and in lower case. */
    private final Map<String, Property> byName = new HashMap<>();

    Shape(String name, List<Property> properties) {
        this.name = name;
        this.properties = List.copyOf(properties);
        properties.forEach(p -> byName.put(p.name().toLowerCase(Locale.ROOT), p));
        properties.forEach(p -> byName.put(p.name(), p));
    }

    public String name() {
        return name;
    }

    /** In the order of the schema. */
    public List<Property> properties() {
        return properties;
    }

    public Optional<Property> find(String written) {
        Property exact = byName.get(written);
        return Optional.ofNullable(exact != null ? exact : byName.get(written.toLowerCase(Locale.ROOT)));
    }

    /** What a client may write. */
    public List<String> writable() {
        List<String> out = new ArrayList<>();
        for (Property p : properties) {
            if (p.origin() == Property.Origin.WRITTEN) {
                out.add(p.name());
            }
        }
        return out;
    }
}
