/**
 * EAP (RFC 3748) as server and as client, without I/O: a packet comes in, a packet or an end comes out. Methods:
 * EAP-MSCHAPv2, and EAP-TLS (RFC 5216, RFC 9190) over the JDK's TLS engine. {@link io.sallyport.eap.EapServer} and {@link
 * io.sallyport.eap.EapClient} lead the conversations.
 */
@NullMarked
package io.sallyport.eap;

import org.jspecify.annotations.NullMarked;
