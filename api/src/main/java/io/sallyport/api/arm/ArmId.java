package io.sallyport.api.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The id of a resource in a group: {@code /subscriptions/S/resourceGroups/G/providers/P/TYPE/NAME[/TYPE/NAME…]}. Spelled
 * as at creation, compared without regard to case ({@link #key()}).
 *
 * @param subscription its id
 * @param group its name
 * @param provider such as {@code Microsoft.Network}
 * @param segments type and name, from the resource down to the child; never empty
 */
public record ArmId(String subscription, String group, String provider, List<Segment> segments) {
    /** Azure names nothing deeper than a circuit's peering's connection. */
    private static final int DEPTH_MAX = 4;

    /** One step: {@code virtualNetworks/hub}. */
    public record Segment(String type, String name) {}

    public ArmId {
        segments = List.copyOf(segments);
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("an id names at least one resource");
        }
    }

    /** The id that {@code text} is, or nothing when it is none. */
    public static Optional<ArmId> parse(String text) {
        String[] parts = text.split("/", -1);
        boolean shaped = parts.length >= 9
                && parts.length % 2 == 1
                && (parts.length - 7) / 2 <= DEPTH_MAX
                && parts[0].isEmpty()
                && parts[1].equalsIgnoreCase("subscriptions")
                && parts[3].equalsIgnoreCase("resourceGroups")
                && parts[5].equalsIgnoreCase("providers");
        if (!shaped) {
            return Optional.empty();
        }
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].isEmpty()) {
                return Optional.empty();
            }
        }
        List<Segment> segments = new ArrayList<>();
        for (int i = 7; i < parts.length; i += 2) {
            segments.add(new Segment(parts[i], parts[i + 1]));
        }
        return Optional.of(new ArmId(parts[2], parts[4], parts[6], segments));
    }

    /** The full type: {@code Microsoft.Network/virtualNetworks/subnets}. */
    public String type() {
        StringBuilder out = new StringBuilder(provider);
        segments.forEach(s -> out.append('/').append(s.type()));
        return out.toString();
    }

    /** The last name. */
    public String name() {
        return segments.getLast().name();
    }

    /** The resource itself, without its child. */
    public ArmId root() {
        return new ArmId(subscription, group, provider, segments.subList(0, 1));
    }

    public boolean isChild() {
        return segments.size() > 1;
    }

    public ArmId child(String type, String name) {
        List<Segment> longer = new ArrayList<>(segments);
        longer.add(new Segment(type, name));
        return new ArmId(subscription, group, provider, longer);
    }

    /** Equal for ids that mean the same resource. */
    public String key() {
        return toString().toLowerCase(Locale.ROOT);
    }

    public boolean matches(ArmId other) {
        return toString().equalsIgnoreCase(other.toString());
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("/subscriptions/")
                .append(subscription)
                .append("/resourceGroups/")
                .append(group)
                .append("/providers/")
                .append(provider);
        segments.forEach(s -> out.append('/').append(s.type()).append('/').append(s.name()));
        return out.toString();
    }
}
