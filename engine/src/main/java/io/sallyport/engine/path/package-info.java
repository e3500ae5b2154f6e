/**
 * The way of a packet: TUN devices, sockets, and the threads between them.
 *
 * <h2>Threads</h2>
 *
 * <ul>
 *   <li>{@code tun-DEVICE}, one for each surface: reads the device, decides the route, cuts super-packets, seals, sends.
 *   <li>{@code udp-ADDRESS}, one for each public address: receives on the NAT port, the IKE port and IP protocol 50,
 *       opens, checks, joins neighbours of a flow, writes to the device; or seals again for another tunnel.
 *   <li>{@code path-linger}: ends the afterlife of inbound SAs.
 *   <li>{@code netns-NAME}: lives for the moment in which a descriptor is opened in another network namespace.
 *   <li>The control thread calls {@link io.sallyport.engine.path.PacketPath}; it shares locks with no packet thread.
 * </ul>
 *
 * <p>A packet thread sleeps in {@code poll} and then works until nothing is left. It owns its buffers and its way out, so
 * packets never wait for another thread. Two packet threads can meet on one SA only: each half of a child is used under
 * its own monitor, which is not contended as long as a peer sends from one place and one device feeds its tunnel.
 *
 * <p>Routes ({@code Vnet}), the children that carry a peer's traffic ({@code Peer}) and the way outside ({@code OuterPath})
 * are immutable and replaced whole; the table by SPI is written by the control thread alone.
 *
 * <h2>What it does as a router</h2>
 *
 * <p>Between a device and a tunnel the machine's own IP stack has taken one from the hop limit, or will; together they are
 * one router, so nothing is taken here. From tunnel to tunnel nobody else sees the packet: there the hop limit falls and
 * "time exceeded" is answered. A packet that does not fit and may be fragmented is fragmented before ESP; one that may not
 * is answered with the size that fits, computed from the MTU of the route outside at the time the child was installed or
 * moved. The outer packet carries the inner DSCP and ECN (RFC 4301 section 5.1.2, RFC 6040 normal mode) and no DF.
 *
 * <h2>Flags for the virtual machine</h2>
 *
 * <p>{@code -XX:+UseSerialGC}: packets make no garbage, so a collector with threads of its own would only take cores from
 * packet threads. {@code --enable-native-access=ALL-UNNAMED} or the {@code io.sallyport.os} module. Switches:
 * {@code sallyport.offload.tun}, {@code .uso}, {@code .udp-segment}, {@code .udp-gro} {@code =off},
 * {@code sallyport.crypto=jdk}.
 *
 * <h2>Self-tests</h2>
 *
 * <p>Before a listener's socket is opened, UDP_SEGMENT and UDP_GRO are tried with real packets over the loopback device of
 * its network namespace; before the native crypto engine is used, it must agree with the JDK's. What fails is not used, and
 * {@link io.sallyport.engine.path.PacketPath#capabilities} says so. A device's offloads are not tried: what the kernel
 * does with them shows only in its own stack.
 */
@NullMarked
package io.sallyport.engine.path;

import org.jspecify.annotations.NullMarked;
