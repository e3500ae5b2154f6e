/** The resources as records, valid once made; validation across resources. */
@org.jspecify.annotations.NullMarked
module io.sallyport.model {
    requires static transitive org.jspecify;
    requires transitive io.sallyport.base;
    requires transitive io.sallyport.wire;

    exports io.sallyport.model;
    exports io.sallyport.model.document;
}
