/** Devices in front of sites: which there are, and the texts that configure them. */
@NullMarked
package io.sallyport.api.network.device;

import org.jspecify.annotations.NullMarked;
