/**
 * The REST API of Azure Resource Manager and Microsoft.Network over the store. Read {@link io.sallyport.api.arm} first:
 * it holds the words. {@code network} knows the resource types, {@code deployment} the templates, {@code identity} who
 * may do what, {@code http} the wire.
 */
@NullMarked
package io.sallyport.api;

import org.jspecify.annotations.NullMarked;
