/** Who asks and what he may do: identities, logins, tokens, roles. */
@NullMarked
package io.sallyport.api.identity;

import org.jspecify.annotations.NullMarked;
