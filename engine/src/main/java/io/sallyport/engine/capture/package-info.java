/**
 * Packet capture: what leaves and arrives outside, and what is inside, as pcapng files. Packet threads look once a batch
 * whether anybody wants to see packets; when nobody does, that is all it costs. Otherwise they copy what matches into a
 * bounded queue, and a thread {@code capture-NAME} for each capture writes the file.
 */
@NullMarked
package io.sallyport.engine.capture;

import org.jspecify.annotations.NullMarked;
