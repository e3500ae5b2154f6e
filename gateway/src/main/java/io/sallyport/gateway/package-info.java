/** the whole gateway as one machine. */
package io.sallyport.gateway;
