@NullMarked
package io.sallyport.pki;

import org.jspecify.annotations.NullMarked;
