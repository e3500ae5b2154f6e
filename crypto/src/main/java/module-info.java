/** Few interfaces over the JDK. */
@org.jspecify.annotations.NullMarked
module io.sallyport.crypto {
    requires static transitive org.jspecify;
    requires transitive io.sallyport.base;
    requires transitive io.sallyport.wire;

    exports io.sallyport.crypto;
    exports io.sallyport.crypto.packet;
}
