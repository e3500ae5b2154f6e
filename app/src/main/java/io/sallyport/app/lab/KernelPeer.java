package io.sallyport.app.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * strongSwan on a kernel's own IPsec, ESP as IP protocol 50: a Linux in user mode ({@code linux.uml}) on a TAP device
 * of the host, with the host's files to read.
 */
public final class KernelPeer implements AutoCloseable {
    private final Daemon daemon;

    private KernelPeer(Daemon daemon) {
        this.daemon = daemon;
    }

    /**
     * Boots it and waits until strongSwan has its connections.
     *
     * @param tap device of {@code host} whose other end is the peer's network card
     * @param cidr the peer's address on that card
     * @param inner an address of the network behind the peer, with its length
     * @param swanctlConf its connections and secrets
     * @param initiate name of a child to initiate at once; empty: none
     */
    public static KernelPeer boot(
            Lab lab, Host host, String tap, String cidr, String inner, String swanctlConf, String initiate) {
        host.ip("tuntap", "add", tap, "mode", "tap");
        host.ip("link", "set", tap, "up");
        Path connections = lab.write("kernel-peer/swanctl.conf", swanctlConf);
        Path settings = lab.write("kernel-peer/strongswan.conf", """
                charon-systemd {
                  load_modular = yes
                  plugins {
                    include /etc/strongswan.d/charon/*.conf
                  }
                  filelog {
                    stderr {
                      default = 1
                    }
                  }
                }
                """);
        Path init =
                lab.write("kernel-peer/init", """
                #!/bin/sh
                export PATH=/usr/sbin:/usr/bin:/sbin:/bin
                mount -t proc proc /proc
                mount -t sysfs sys /sys
                mount -t tmpfs tmpfs /run
                mkdir -p /run/lock /run/modules/lib
                ln -s /usr/lib/uml/modules /run/modules/lib/modules
                for m in esp4 esp6 xfrm_user authenc authencesn cbc hmac ctr ghash-generic gcm sha512_generic jitterentropy_rng drbg seqiv echainiv; do modprobe -d /run/modules $m; done
                ip link set lo up
                ip addr add %s dev vec0
                ip link set vec0 up
                ip addr add %s dev lo
                mount --bind %s /etc/strongswan.conf
                /usr/sbin/charon-systemd 2>&1 &
                for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do swanctl --stats >/dev/null 2>&1 && break; sleep 0.3; done
                swanctl --load-all --noprompt --file %s
                echo KERNEL-PEER-READY
                [ -z "%s" ] || swanctl --initiate --child %s
                while sleep 1; do swanctl --list-sas; ip -s xfrm state; done
                """.formatted(cidr, inner, settings, connections, initiate, initiate));
        Commands.must("chmod", "+x", init.toString());
        Daemon daemon = lab.start(
                host,
                "kernel-peer",
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
        daemon.await("booted", Duration.ofSeconds(40), () -> daemon.log().contains("KERNEL-PEER-READY"));
        return new KernelPeer(daemon);
    }

    /** Its console: strongSwan's log, and each second its SAs and the kernel's states. */
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
