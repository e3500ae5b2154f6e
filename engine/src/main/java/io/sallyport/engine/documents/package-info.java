/** Resource and node files: YAML and JSON texts to trees. */
@NullMarked
package io.sallyport.engine.documents;

import org.jspecify.annotations.NullMarked;
