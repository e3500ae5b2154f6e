/**
 * ESP in tunnel mode: seal, open, replay. RFC 4303 first, then RFC 4106, 3602 and 7634 for the ciphers, RFC 6479 for the
 * shape of the replay window.
 */
package io.sallyport.esp;
