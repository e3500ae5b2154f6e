/** The whole gateway as one machine. */
@org.jspecify.annotations.NullMarked
module io.sallyport.gateway {
    requires static transitive org.jspecify;
    requires transitive io.sallyport.base;
    requires transitive io.sallyport.wire;
    requires transitive io.sallyport.model;
    requires transitive io.sallyport.crypto;
    requires transitive io.sallyport.ike;

    exports io.sallyport.gateway;
}
