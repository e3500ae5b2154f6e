/**
 * Small networks on one machine, for the demo and for tests against other people's software: network namespaces, veth
 * pairs, bridges, and the processes in them. What a lab made is gone when it is closed, and a later lab removes what a
 * killed one left.
 */
@NullMarked
package io.sallyport.app.lab;

import org.jspecify.annotations.NullMarked;
