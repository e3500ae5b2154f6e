/** The local control socket: JSON requests, one a line, from the commands on the same machine. */
@NullMarked
package io.sallyport.engine.socket;

import org.jspecify.annotations.NullMarked;
