/** The resources as records, valid once made; validation across resources. */
package io.sallyport.model;
