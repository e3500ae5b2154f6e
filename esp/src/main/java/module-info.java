/** Seal, open, replay. */
@org.jspecify.annotations.NullMarked
module io.sallyport.esp {
    requires static transitive org.jspecify;
    requires transitive io.sallyport.base;
    requires transitive io.sallyport.wire;
    requires transitive io.sallyport.crypto;

    exports io.sallyport.esp;
}
