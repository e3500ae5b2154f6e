/** Native code: TUN, sockets, namespaces, the crypto library. */
@org.jspecify.annotations.NullMarked
module io.sallyport.os {
    requires static transitive org.jspecify;
    requires transitive io.sallyport.base;
    requires transitive io.sallyport.wire;
    requires transitive io.sallyport.crypto;

    exports io.sallyport.os;
}
