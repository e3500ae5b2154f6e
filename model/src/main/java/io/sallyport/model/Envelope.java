package io.sallyport.model;

import io.sallyport.model.document.Node;
import io.sallyport.model.document.Place;

/**
 * What every resource has.
 *
 * @param document as it was written, without secrets: unknown properties are given back
 * @param place where it was written
 */
public record Envelope(ResourceId id, Node.Fields document, Place place) {}
