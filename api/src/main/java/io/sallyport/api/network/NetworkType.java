package io.sallyport.api.network;

import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.arm.World;
import io.sallyport.api.network.schema.Acceptance;
import io.sallyport.api.network.schema.Findings;
import io.sallyport.api.network.schema.Presentation;
import io.sallyport.api.network.schema.References;
import io.sallyport.api.network.schema.Schema;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A type of Microsoft.Network: its shape and its behaviour. */
final class NetworkType implements ResourceType {
    /** Of what there is, in a message. */
    private static final int SHOWN_MAX = 5;

    private static final Schema SCHEMA = Schema.network();
    private static final References REFERENCES = new References(SCHEMA);

    private static final String PEER = ".remoteVirtualNetwork";

    private final Behaviour behaviour;
    private final String name;

    NetworkType(Behaviour behaviour) {
        this.behaviour = behaviour;
        this.name = Schema.PROVIDER + "/" + behaviour.type();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Child> children() {
        return behaviour.children();
    }

    @Override
    public boolean isProvisioned() {
        return behaviour.isProvisioned();
    }

    @Override
    public boolean isListedBySubscription() {
        return behaviour.isListedBySubscription();
    }

    @Override
    public ArmResource accept(
            ArmId id, ObjectNode written, Optional<ArmResource> before, World world, Complaints complaints) {
        ArmResource made = new Acceptance(SCHEMA, id.root(), before, complaints).accept(written);
        return behaviour.complete(made, before, new Neighbours(world), new Findings(complaints));
    }

    @Override
    public void check(ArmResource wanted, Optional<ArmResource> before, World world, Complaints complaints) {
        Neighbours neighbours = new Neighbours(world);
        Findings findings = new Findings(complaints);
        List<String> old = before.map(NetworkType::peers).orElse(List.of());
        for (References.Reference reference : REFERENCES.of(wanted)) {
            ArmId target = reference.target();
            // A peering outlives the VNet at its other end.
            boolean left = reference.path().endsWith(PEER) && old.contains(target.key());
            if (!left
                    && target.provider().equalsIgnoreCase(Schema.PROVIDER)
                    && Network.isKnown(target)
                    && !neighbours.exists(target)) {
                findings.wrong(
                        "InvalidResourceReference",
                        reference.path() + ".id",
                        "found " + Findings.quoted(target.toString()) + ", which does not exist; "
                                + there(target, neighbours));
            }
        }
        before.ifPresent(b -> new InUse(neighbours).checkElements(b, wanted, complaints));
        behaviour.check(wanted, before, neighbours, findings);
    }

    private static List<String> peers(ArmResource network) {
        return REFERENCES.of(network).stream()
                .filter(r -> r.path().endsWith(PEER))
                .map(r -> r.target().key())
                .toList();
    }

    private static String there(ArmId target, Neighbours neighbours) {
        String type = target.segments().getFirst().type();
        if (target.isChild() && neighbours.world().find(target.root()).isPresent()) {
            String kind = target.segments().getLast().type();
            List<String> parts = neighbours.world().find(target.root()).stream()
                    .flatMap(r -> r.properties().path(kind).valueStream())
                    .map(part -> part.path("name").asString(""))
                    .limit(SHOWN_MAX)
                    .toList();
            return "its " + kind + ": " + (parts.isEmpty() ? "none" : String.join(", ", parts));
        }
        List<String> all = neighbours.all(type).stream()
                .map(r -> r.id().toString())
                .limit(SHOWN_MAX)
                .toList();
        return all.isEmpty() ? "there are no " + type : "there is: " + String.join(", ", all);
    }

    @Override
    public void checkDelete(ArmResource doomed, World world, Complaints complaints) {
        Neighbours neighbours = new Neighbours(world);
        new InUse(neighbours).checkDelete(doomed, complaints);
        behaviour.checkDelete(doomed, neighbours, complaints);
    }

    @Override
    public ObjectNode show(ArmResource stored, World world) {
        ObjectNode shown = stored.body().deepCopy();
        shown.remove("memory");
        String state = state(stored, world);
        String etag = shown.path("etag").asString("");
        new Presentation(SCHEMA, name(), etag, state).fill(shown);
        behaviour.show(shown, stored, new Neighbours(world));
        return shown;
    }

    private String state(ArmResource stored, World world) {
        if (!behaviour.isProvisioned()) {
            return "Succeeded";
        }
        return switch (world.provision(stored)) {
            case World.Provision.Succeeded _ -> "Succeeded";
            case World.Provision.Updating _ -> "Updating";
            case World.Provision.Failed _ -> "Failed";
        };
    }

    @Override
    public List<Operation> operations() {
        return behaviour.operations();
    }
}
