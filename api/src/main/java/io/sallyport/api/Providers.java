package io.sallyport.api;

import io.sallyport.api.arm.Catalog;
import io.sallyport.api.arm.ResourceType;
import io.sallyport.api.arm.Service;
import io.sallyport.api.deployment.DeploymentType;
import io.sallyport.api.deployment.Deployments;
import io.sallyport.api.network.Network;
import java.util.ArrayList;
import java.util.List;

/** Everything that Sallyport has resources of. */
public final class Providers {
    private Providers() {}

    /** Networks, and deployments of them. */
    public static Catalog catalog() {
        List<ResourceType> types = new ArrayList<>(Network.catalog().types());
        types.add(new DeploymentType());
        return new Catalog(types);
    }

    /** What answers for itself. */
    public static List<Service> services() {
        List<Service> services = new ArrayList<>(Network.services());
        services.add(new Deployments(catalog()));
        return services;
    }
}
