/** The thread that owns the gateway's state, what it runs, and the socket through which people talk to it. */
@NullMarked
package io.sallyport.engine.control;

import org.jspecify.annotations.NullMarked;
