package io.sallyport.engine.path;

import io.sallyport.os.Tun;
import io.sallyport.os.UdpTrial;
import io.sallyport.wire.Address;
import java.util.Optional;

/**
 * Which offloads may be used. Each has a switch of its own, because kernels have shipped with one of them broken:
 * {@code -Dsallyport.offload.NAME=off}.
 *
 * @param tun {@code tun}: super-packets to and from devices; {@code uso}: UDP among them
 * @param udpSegment {@code udp-segment}: many datagrams by one send
 * @param udpGro {@code udp-gro}: many datagrams by one receive
 * @param trial tries the UDP ones with real packets before a socket uses them
 */
record Offloads(Tun.Offload tun, boolean udpSegment, boolean udpGro, Trial trial) {
    /** Tries UDP_SEGMENT, where it may be used, and UDP_GRO in a network namespace. */
    @FunctionalInterface
    interface Trial {
        UdpTrial.Findings run(Address.Family family, Optional<String> netns, boolean segmenting);
    }

    static final String PREFIX = "sallyport.offload.";

    static Offloads fromProperties() {
        Tun.Offload tun = !isOn("tun") ? Tun.Offload.NONE : isOn("uso") ? Tun.Offload.TCP_UDP : Tun.Offload.TCP;
        return new Offloads(tun, isOn("udp-segment"), isOn("udp-gro"), UdpTrial::run);
    }

    /** What {@code status} says about the offloads of a device that was given {@code got}. */
    String describe(Tun.Offload got) {
        boolean segments = got != Tun.Offload.NONE;
        boolean datagrams = got == Tun.Offload.TCP_UDP;
        return "tun " + words(segments, tun != Tun.Offload.NONE) + ", uso "
                + words(datagrams, tun == Tun.Offload.TCP_UDP);
    }

    private static String words(boolean got, boolean wanted) {
        return (got ? Verdict.IN_USE : wanted ? Verdict.NOT_OFFERED : Verdict.OFF).words();
    }

    private static boolean isOn(String name) {
        return !"off".equals(System.getProperty(PREFIX + name));
    }
}
