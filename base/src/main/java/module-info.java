/** Bytes, Secret, Now, Entropy. */
@org.jspecify.annotations.NullMarked
module io.sallyport.base {
    requires static transitive org.jspecify;

    exports io.sallyport.base;
}
