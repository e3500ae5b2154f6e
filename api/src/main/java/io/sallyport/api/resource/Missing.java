package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.model.document.Spelling;
import java.util.List;

/** Azure's errors about what is not there. */
final class Missing {
    private Missing() {}

    static ArmError notFound(ArmId id) {
        return ArmError.of(
                404,
                "ResourceNotFound",
                "there is no " + id.type() + " named '" + id.name() + "' in resource group '" + id.group() + "'",
                id.toString());
    }

    static ArmError noParent(ArmId id) {
        return ArmError.of(
                404,
                "ParentResourceNotFound",
                "what shall hold '" + id.name() + "' is not there; create it first",
                id.toString());
    }

    static ArmError noGroup(String group) {
        return ArmError.of(404, "ResourceGroupNotFound", "there is no resource group named '" + group + "'");
    }

    static ArmError noSubscription(String subscription) {
        return ArmError.of(404, "SubscriptionNotFound", "there is no subscription '" + subscription + "'");
    }

    static ArmError invalidType(ArmId id, Catalog catalog) {
        List<String> known = catalog.types().stream().map(ResourceType::name).toList();
        String hint = Spelling.nearest(id.root().type(), known)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("there is: " + String.join(", ", known));
        return ArmError.of(404, "InvalidResourceType", "Sallyport has no resource type '" + id.type() + "'; " + hint);
    }
}
