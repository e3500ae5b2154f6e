package io.sallyport.ike;

/**
 * What we ask of a gateway as its client by the configuration payload (RFC 7296 section 2.19), or by ModeCfg in IKEv1.
 * What we are given replaces the local selectors.
 */
public record AddressRequest(boolean ipv4, boolean ipv6) {}
