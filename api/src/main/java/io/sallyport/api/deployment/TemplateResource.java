package io.sallyport.api.deployment;

import io.sallyport.api.arm.ArmId;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * One resource of a template, after copies were made of it.
 *
 * @param symbol its symbolic name; empty when it has none
 * @param loop the name of its copy loop; empty when it has none
 * @param rounds of the copy loops around it
 * @param wanted whether its condition holds
 * @param existing whether it is only referred to
 */
record TemplateResource(
        ArmId id,
        String symbol,
        String loop,
        List<Workspace.Loop> rounds,
        ObjectNode written,
        boolean wanted,
        boolean existing) {
    TemplateResource {
        rounds = List.copyOf(rounds);
    }

    /** Whether {@code text} means this resource: an id, a symbolic name, a copy loop, or a name. */
    boolean isMeant(String text) {
        if (text.startsWith("/")) {
            return text.equalsIgnoreCase(id.toString());
        }
        String names =
                String.join("/", id.segments().stream().map(ArmId.Segment::name).toList());
        String typed = typed();
        return text.equalsIgnoreCase(symbol)
                || text.equalsIgnoreCase(loop)
                || text.equalsIgnoreCase(names)
                || text.equalsIgnoreCase(id.name())
                || text.equalsIgnoreCase(typed);
    }

    /** {@code Microsoft.Network/virtualNetworks/hub}. */
    private String typed() {
        StringBuilder out = new StringBuilder(id.provider());
        id.segments().forEach(s -> out.append('/').append(s.type()).append('/').append(s.name()));
        return out.toString();
    }
}
