/**
 * The engine follows the store: what is stored is carried out, and what came of it is stored again. Nobody else tells
 * the engine what to run.
 */
@NullMarked
package io.sallyport.engine.follow;

import org.jspecify.annotations.NullMarked;
