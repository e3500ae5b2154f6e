/** Threads, clock, sockets: what makes the machines run. */
@NullMarked
package io.sallyport.engine;

import org.jspecify.annotations.NullMarked;
