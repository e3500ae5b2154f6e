package io.sallyport.model;

import io.sallyport.model.document.Place;

/** One resource of Microsoft.Network. */
public sealed interface Resource
        permits VirtualNetwork, PublicIpAddress, VirtualNetworkGateway, LocalNetworkGateway, Connection {
    Envelope envelope();

    default ResourceId id() {
        return envelope().id();
    }

    default String name() {
        return id().name();
    }

    default Place place() {
        return envelope().place();
    }
}
