/** Packet, readers and writers, IP/UDP/TCP/ICMP, addresses and prefixes. */
@org.jspecify.annotations.NullMarked
module io.sallyport.wire {
    requires static transitive org.jspecify;
    requires transitive io.sallyport.base;

    exports io.sallyport.wire;
}
