/** The API over a local socket: one line of JSON asks, one answers. */
@NullMarked
package io.sallyport.api.socket;

import org.jspecify.annotations.NullMarked;
