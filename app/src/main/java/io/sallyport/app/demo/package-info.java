/** The demo: a topology on this machine, with real traffic, measured and drawn. */
@NullMarked
package io.sallyport.app.demo;

import org.jspecify.annotations.NullMarked;
