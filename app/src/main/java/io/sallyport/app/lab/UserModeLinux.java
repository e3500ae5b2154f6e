package io.sallyport.app.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A Linux in user mode ({@code linux.uml}) with a kernel's own IPsec, on a TAP device of a host of the lab and with this
 * machine's files to read. What it is to run is a shell script.
 */
public final class UserModeLinux implements AutoCloseable {
    private static final String READY = "USER-MODE-LINUX-READY";

    private final Daemon daemon;

    private UserModeLinux(Daemon daemon) {
        this.daemon = daemon;
    }

    /**
     * Boots it and waits until it has run {@code setUp}.
     *
     * @param name of its files and its log
     * @param tap device of {@code host} whose other end is its network card
     * @param cidr its address on that card
     * @param inner an address of the network behind it, with its length
     * @param setUp shell lines, run once; {@code /run} can be written to
     * @param forever shell lines, run each second from then on: what is to be seen on the console
     */
    public static UserModeLinux boot(
            Lab lab, Host host, String name, String tap, String cidr, String inner, String setUp, String forever) {
        host.ip("tuntap", "add", tap, "mode", "tap");
        host.ip("link", "set", tap, "up");
        Path init = lab.write(
                name + "/init", """
                #!/bin/sh
                export PATH=/usr/sbin:/usr/bin:/sbin:/bin
                mount -t proc proc /proc
                mount -t sysfs sys /sys
                mount -t tmpfs tmpfs /run
                mkdir -p /run/lock /run/modules/lib
                ln -s /usr/lib/uml/modules /run/modules/lib/modules
                for m in esp4 esp6 xfrm_user af_key authenc authencesn cbc hmac ctr ghash-generic gcm sha512_generic jitterentropy_rng drbg seqiv echainiv; do modprobe -d /run/modules $m; done
                ip link set lo up
                ip addr add %s dev vec0
                ip link set vec0 up
                ip addr add %s dev lo
                %s
                echo %s
                while sleep 1; do
                %s
                done
                """.formatted(cidr, inner, setUp, READY, forever.isBlank() ? "true" : forever));
        Commands.must("chmod", "+x", init.toString());
        Daemon daemon = lab.start(
                host,
                name,
                List.of(
                        "linux.uml",
                        "mem=256M",
                        "rootfstype=hostfs",
                        "rootflags=/",
                        "ro",
                        "init=" + init,
                        "con=null",
                        "con0=null,fd:1",
                        "vec0:transport=tap,ifname=" + tap + ",depth=128,gro=1",
                        "quiet"));
        daemon.await("booted", Duration.ofSeconds(60), () -> daemon.log().contains(READY));
        return new UserModeLinux(daemon);
    }

    /** What its programs have printed. */
    public String console() {
        return daemon.log();
    }

    public Daemon daemon() {
        return daemon;
    }

    @Override
    public void close() {
        daemon.kill();
    }
}
