package io.sallyport.model.document;

/**
 * A value with the place and the property it was read from, so that a later check can still point at it.
 *
 * @param path such as {@code properties.addressSpace.addressPrefixes[0]}
 */
public record Placed<T>(T value, Place place, String path) {}
