/**
 * RADIUS as a client: EAP passed through (RFC 3579), passwords (RFC 2865), accounting (RFC 2866). Every request carries a
 * Message-Authenticator and every answer about access must (CVE-2024-3596). {@link io.sallyport.radius.RadiusClient} asks.
 * The codec is our own because the order of attributes, what is demanded of answers, and which server is asked for how long
 * are the substance here, and the rest of it is small.
 */
@NullMarked
package io.sallyport.radius;

import org.jspecify.annotations.NullMarked;
