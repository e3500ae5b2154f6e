/** What keeps the house as drawn. */
@NullMarked
package io.sallyport.checks;

import org.jspecify.annotations.NullMarked;
