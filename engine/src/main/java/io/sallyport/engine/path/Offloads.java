package io.sallyport.engine.path;

import io.sallyport.os.Tun;

/**
 * Which offloads may be used. Each has a switch of its own, because kernels have shipped with one of them broken:
 * {@code -Dsallyport.offload.NAME=off}.
 *
 * @param tun {@code tun}: super-packets to and from devices; {@code uso}: UDP among them
 * @param udpSegment {@code udp-segment}: many datagrams by one send
 * @param udpGro {@code udp-gro}: many datagrams by one receive
 */
record Offloads(Tun.Offload tun, boolean udpSegment, boolean udpGro) {
    static final String PREFIX = "sallyport.offload.";

    static Offloads fromProperties() {
        Tun.Offload tun = !isOn("tun") ? Tun.Offload.NONE : isOn("uso") ? Tun.Offload.TCP_UDP : Tun.Offload.TCP;
        return new Offloads(tun, isOn("udp-segment"), isOn("udp-gro"));
    }

    private static boolean isOn(String name) {
        return !"off".equals(System.getProperty(PREFIX + name));
    }
}
