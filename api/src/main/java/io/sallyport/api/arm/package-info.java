/** The words of the API: ids, resources, types, rules, replies. Nothing here does I/O. */
@NullMarked
package io.sallyport.api.arm;

import org.jspecify.annotations.NullMarked;
