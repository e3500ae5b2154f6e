/** The commands. */
@NullMarked
package io.sallyport.cli;

import org.jspecify.annotations.NullMarked;
