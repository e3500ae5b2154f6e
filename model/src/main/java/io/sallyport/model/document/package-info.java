/** Documents as neutral trees that remember where each value was written, and how to read them strictly. */
package io.sallyport.model.document;
