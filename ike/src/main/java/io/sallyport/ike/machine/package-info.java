/** What the machines of both versions are built of. */
@NullMarked
package io.sallyport.ike.machine;

import org.jspecify.annotations.NullMarked;
