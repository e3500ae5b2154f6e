/** The whole gateway as one machine: plan, event to action, fact, and the reasons why. */
package io.sallyport.gateway;
