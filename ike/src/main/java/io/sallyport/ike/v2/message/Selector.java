package io.sallyport.ike.v2.message;

import io.sallyport.wire.AddressRange;

/** A traffic selector of type TS_IPV4_ADDR_RANGE or TS_IPV6_ADDR_RANGE, RFC 7296 section 3.13.1. */
public record Selector(AddressRange addresses, int protocol, int firstPort, int lastPort) {}
