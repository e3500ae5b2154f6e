/** JMH and throughput. */
@NullMarked
package io.sallyport.bench;

import org.jspecify.annotations.NullMarked;
