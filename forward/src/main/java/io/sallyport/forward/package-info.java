/** Where a packet goes: routes, selectors, segments cut and joined, answers when it cannot go. */
package io.sallyport.forward;
