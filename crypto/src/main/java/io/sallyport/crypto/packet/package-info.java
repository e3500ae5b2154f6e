/**
 * Ciphers for packets in off-heap memory: the seam between ESP and whatever computes fastest on this machine. One engine
 * stands on the JDK; another, on a native library, lives where native code may.
 */
@NullMarked
package io.sallyport.crypto.packet;

import org.jspecify.annotations.NullMarked;
