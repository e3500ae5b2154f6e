/** Deployments of templates: all resources of one become one draft, which is stored as a whole or not at all. */
@NullMarked
package io.sallyport.api.deployment;

import org.jspecify.annotations.NullMarked;
