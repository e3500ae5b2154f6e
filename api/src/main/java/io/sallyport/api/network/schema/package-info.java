/** What every type of Microsoft.Network looks like, as data; how a written body becomes a stored one by it. */
@NullMarked
package io.sallyport.api.network.schema;

import org.jspecify.annotations.NullMarked;
