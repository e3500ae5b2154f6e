package io.sallyport.app.lab;

import java.nio.file.Path;

/** strongSwan on a kernel's own IPsec, ESP as IP protocol 50. */
public final class KernelPeer implements AutoCloseable {
    private final UserModeLinux linux;

    private KernelPeer(UserModeLinux linux) {
        this.linux = linux;
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
        String setUp = """
                mount --bind %s /etc/strongswan.conf
                /usr/sbin/charon-systemd 2>&1 &
                for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do swanctl --stats >/dev/null 2>&1 && break; sleep 0.3; done
                swanctl --load-all --noprompt --file %s
                [ -z "%s" ] || swanctl --initiate --child %s &
                """.formatted(settings, connections, initiate, initiate);
        return new KernelPeer(UserModeLinux.boot(
                lab, host, "kernel-peer", tap, cidr, inner, setUp, "swanctl --list-sas; ip -s xfrm state"));
    }

    /** Its console: strongSwan's log, and each second its SAs and the kernel's states. */
    public String console() {
        return linux.console();
    }

    public Daemon daemon() {
        return linux.daemon();
    }

    @Override
    public void close() {
        linux.close();
    }
}
