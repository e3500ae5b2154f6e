/** IKEv1 and IKEv2 as one pure machine. */
@org.jspecify.annotations.NullMarked
module io.sallyport.ike {
    requires static transitive org.jspecify;
    requires transitive io.sallyport.base;
    requires transitive io.sallyport.wire;
    requires transitive io.sallyport.crypto;

    exports io.sallyport.ike;
    exports io.sallyport.ike.endpoint;
}
