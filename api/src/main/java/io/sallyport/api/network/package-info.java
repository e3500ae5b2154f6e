/**
 * The types of Microsoft.Network: {@link io.sallyport.api.network.Network#catalog()} has them all. What a body looks like
 * is data ({@code schema}); each class here holds what is true of one type besides, in Azure's words.
 */
@NullMarked
package io.sallyport.api.network;

import org.jspecify.annotations.NullMarked;
