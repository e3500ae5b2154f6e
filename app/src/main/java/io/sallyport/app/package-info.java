/** Builds everything. */
@NullMarked
package io.sallyport.app;

import org.jspecify.annotations.NullMarked;
