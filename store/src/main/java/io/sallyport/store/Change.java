package io.sallyport.store;

import io.sallyport.base.Secret;
import java.util.Map;

/** A part of a commit. A commit names a key at most once. */
public sealed interface Change {
    String key();

    Expectation expectation();

    /** Creates or replaces. */
    record Put(
            String key, Expectation expectation, String body, Map<String, Secret> secrets, Document.Lifetime lifetime)
            implements Change {
        public Put {
            secrets = Map.copyOf(secrets);
        }
    }

    /** Removes; with {@link Expectation.Any} also what is not there. */
    record Delete(String key, Expectation expectation) implements Change {}

    /** Writes nothing, but the commit fails unless the expectation is met: a check of what was only read. */
    record Require(String key, Expectation expectation) implements Change {}

    /** What must be true of a key for a commit to happen. */
    sealed interface Expectation {
        Expectation ANY = new Any();
        Expectation ABSENT = new Absent();

        /** Nothing in particular. */
        record Any() implements Expectation {}

        /** There is no such document. */
        record Absent() implements Expectation {}

        /** There is one, and this commit wrote it. */
        record Revision(long revision) implements Expectation {}
    }
}
