/** routes, selectors, drops. */
package io.sallyport.forward;
