/** Seeded networks. */
@NullMarked
package io.sallyport.sim;

import org.jspecify.annotations.NullMarked;
