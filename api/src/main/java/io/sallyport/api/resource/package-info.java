/** Resources over the store: what there is, changes as a whole, long-running operations, and the routes to them. */
@NullMarked
package io.sallyport.api.resource;

import org.jspecify.annotations.NullMarked;
