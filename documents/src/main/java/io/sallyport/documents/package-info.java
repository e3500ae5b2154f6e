/** Resource and node files: YAML and JSON texts to trees that remember file and line. */
@NullMarked
package io.sallyport.documents;

import org.jspecify.annotations.NullMarked;
