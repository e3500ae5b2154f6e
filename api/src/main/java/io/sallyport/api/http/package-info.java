/** The API over HTTPS: Jetty, HTTP/1.1 and HTTP/2, one virtual thread for each request. */
@NullMarked
package io.sallyport.api.http;

import org.jspecify.annotations.NullMarked;
