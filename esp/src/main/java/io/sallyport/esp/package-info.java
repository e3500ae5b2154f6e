/** seal, open, replay. */
package io.sallyport.esp;
