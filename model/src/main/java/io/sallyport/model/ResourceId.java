package io.sallyport.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The identity of a resource of Microsoft.Network. Compared without regard to case, as Azure does.
 *
 * @param subscription the subscription's id
 * @param group the resource group
 * @param type such as {@code virtualNetworks}, without the provider's name
 * @param name the resource's name
 * @param child a part of it, such as a subnet
 */
public record ResourceId(String subscription, String group, String type, String name, Optional<Child> child) {
    /** The subscription of a document that names none. */
    public static final String LOCAL_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

    /** The group of a document that names none. */
    public static final String LOCAL_GROUP = "local";

    private static final String PROVIDER = "Microsoft.Network";

    /** A part of a resource: {@code subnets/GatewaySubnet}. */
    public record Child(String type, String name) {}

    public static ResourceId local(String type, String name) {
        return new ResourceId(LOCAL_SUBSCRIPTION, LOCAL_GROUP, type, name, Optional.empty());
    }

    /**
     * Reads an id, short ({@code virtualNetworks/hub/subnets/GatewaySubnet}: of the same group as {@code from}) or full
     * ({@code /subscriptions/…}).
     *
     * @throws IllegalArgumentException with one clear sentence when it is neither
     */
    public static ResourceId parse(String text, ResourceId from) {
        String subscription = from.subscription;
        String group = from.group;
        List<String> parts = List.of(text.split("/", -1));
        if (text.startsWith("/")) {
            boolean full = parts.size() >= 9
                    && parts.get(1).equalsIgnoreCase("subscriptions")
                    && parts.get(3).equalsIgnoreCase("resourceGroups")
                    && parts.get(5).equalsIgnoreCase("providers")
                    && parts.get(6).equalsIgnoreCase(PROVIDER);
            if (!full) {
                throw notAnId(text);
            }
            subscription = parts.get(2);
            group = parts.get(4);
            parts = parts.subList(7, parts.size());
        } else if (parts.getFirst().equalsIgnoreCase(PROVIDER)) {
            parts = parts.subList(1, parts.size());
        }
        if (parts.size() != 2 && parts.size() != 4 || parts.contains("") || subscription.isEmpty() || group.isEmpty()) {
            throw notAnId(text);
        }
        Optional<Child> child =
                parts.size() == 4 ? Optional.of(new Child(parts.get(2), parts.get(3))) : Optional.empty();
        return new ResourceId(subscription, group, parts.get(0), parts.get(1), child);
    }

    private static IllegalArgumentException notAnId(String text) {
        return new IllegalArgumentException("'" + text
                + "'; allowed: TYPE/NAME such as virtualNetworks/hub, or /subscriptions/…/resourceGroups/…/providers/"
                + PROVIDER + "/TYPE/NAME");
    }

    /** The resource without its part. */
    public ResourceId parent() {
        return new ResourceId(subscription, group, type, name, Optional.empty());
    }

    /** Whether both mean the same resource. */
    public boolean matches(ResourceId other) {
        return full().equalsIgnoreCase(other.full());
    }

    /** Equal for ids that mean the same resource. */
    public String key() {
        return full().toLowerCase(Locale.ROOT);
    }

    /** As Azure writes it. */
    public String full() {
        return "/subscriptions/" + subscription + "/resourceGroups/" + group + "/providers/" + PROVIDER + "/" + type
                + "/" + name + tail();
    }

    /** {@code type/name}, with the group and the subscription in front when they are not the local ones. */
    @Override
    public String toString() {
        return owner() + type + "/" + name + tail();
    }

    /** The name, unique among resources of one type, and short for those of the local group. */
    public String shortName() {
        return owner() + name;
    }

    private String owner() {
        if (!subscription.equalsIgnoreCase(LOCAL_SUBSCRIPTION)) {
            return subscription + "/" + group + ":";
        }
        return group.equalsIgnoreCase(LOCAL_GROUP) ? "" : group + ":";
    }

    private String tail() {
        return child.map(c -> "/" + c.type() + "/" + c.name()).orElse("");
    }
}
