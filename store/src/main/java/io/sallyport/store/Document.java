package io.sallyport.store;

import io.sallyport.base.Secret;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One document. Immutable.
 *
 * @param key its name; keys are compared octet by octet, see {@link Keys}
 * @param revision of the commit that wrote it; larger than that of any earlier commit
 * @param body JSON, without secrets
 * @param secrets what must not be read by looking at the disk, by a name that the writer chose; sealed at rest
 * @param lifetime whether it outlives the process
 */
public record Document(String key, long revision, String body, SortedMap<String, Secret> secrets, Lifetime lifetime) {
    public Document {
        secrets = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /** How long a document lives. */
    public enum Lifetime {
        /** Until it is deleted. */
        DURABLE,
        /** Until it is deleted or the process that wrote it ends; costs no disk. */
        EPHEMERAL
    }
}
