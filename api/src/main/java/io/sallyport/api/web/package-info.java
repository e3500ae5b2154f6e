/** Requests, answers, routes and JSON: what the fronts and the handlers share. No HTTP library, no store. */
@NullMarked
package io.sallyport.api.web;

import org.jspecify.annotations.NullMarked;
