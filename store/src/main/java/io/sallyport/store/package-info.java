/** Documents with revisions, compare-and-set and watch: the one place where a gateway's state lives. */
@NullMarked
package io.sallyport.store;

import org.jspecify.annotations.NullMarked;
