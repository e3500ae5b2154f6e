/** Other people's daemons. */
@NullMarked
package io.sallyport.interop;

import org.jspecify.annotations.NullMarked;
