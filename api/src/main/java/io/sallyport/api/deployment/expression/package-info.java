/** The expressions of templates, {@code [concat('a', parameters('b'))]}: text to tree, tree to value. */
@NullMarked
package io.sallyport.api.deployment.expression;

import org.jspecify.annotations.NullMarked;
