/** Routes, selectors, drops. */
@org.jspecify.annotations.NullMarked
module io.sallyport.forward {
    requires static transitive org.jspecify;
    requires transitive io.sallyport.base;
    requires transitive io.sallyport.wire;

    exports io.sallyport.forward;
}
