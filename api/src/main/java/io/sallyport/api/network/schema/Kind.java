package io.sallyport.api.network.schema;

import java.util.List;

/** What may stand at a property. */
public sealed interface Kind {
    /** true or false. */
    record Flag() implements Kind {}

    /** A whole number in {@code min..max}. */
    record Whole(long min, long max) implements Kind {}

    /** A number, also with a fraction. */
    record Fraction() implements Kind {}

    /** A text. */
    record Text() implements Kind {}

    /** A text that is kept apart and never shown. */
    record Hidden() implements Kind {}

    /** An IPv4 or IPv6 address. */
    record IpAddress() implements Kind {}

    /** An address prefix. */
    record IpPrefix() implements Kind {}

    /** Anything, kept as it is. */
    record Anything() implements Kind {}

    /**
     * One of some words.
     *
     * @param words as Azure spells them
     * @param open whether others are kept too
     */
    record Word(List<String> words, boolean open) implements Kind {
        public Word {
            words = List.copyOf(words);
        }
    }

    /**
     * {@code { "id": … }}.
     *
     * @param type below Microsoft.Network, such as {@code virtualNetworks/subnets}; empty for any type
     */
    record Reference(String type) implements Kind {}

    /** A group of properties of a shape. */
    record Group(String shape) implements Kind {}

    /** An element with a name and an id, whose {@code properties} have a shape. */
    record Named(String shape) implements Kind {}

    /** A list. */
    record Many(Kind element) implements Kind {}

    /** Names that a client chooses, each with a value. */
    record Table(Kind value) implements Kind {}
}
