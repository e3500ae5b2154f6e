/**
 * Keys and certificates (RFC 5280): our own authority, our credentials and what is signed with them, and the judgement of
 * strangers' certificates. {@link io.sallyport.pki.Verification} is where the latter begins, and {@link
 * io.sallyport.pki.Signing} the former.
 */
@NullMarked
package io.sallyport.pki;

import org.jspecify.annotations.NullMarked;
