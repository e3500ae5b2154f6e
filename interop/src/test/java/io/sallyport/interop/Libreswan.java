package io.sallyport.interop;

import io.sallyport.app.lab.Commands;
import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import io.sallyport.app.lab.UserModeLinux;
import java.nio.file.Files;
import java.nio.file.Path;

/** Libreswan on a kernel's own IPsec, at 192.0.2.2 with 10.2.0.4 behind it. */
final class Libreswan {
    private Libreswan() {}

    /** The directory into which its package was unpacked. */
    private static Path unpacked() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path here = at.resolve("build/peers/libreswan");
            if (Files.isDirectory(here)) {
                return here;
            }
        }
        throw new IllegalStateException("Libreswan is not unpacked: ./check interop does that");
    }

    /** Shell lines that give it a certificate called {@code own} with its key, and one whom it trusts. */
    static String certificates(Lab lab, Authority root, Authority.Issued own) {
        Path both = lab.directory().resolve("own.p12");
        Commands.must(
                "openssl",
                "pkcs12",
                "-export",
                "-inkey",
                own.key().toString(),
                "-in",
                own.certificate().toString(),
                "-name",
                "own",
                "-passout",
                "pass:transport",
                "-out",
                both.toString());
        return """
                pk12util -i %s -d sql:/run/nss -W transport -K ''
                certutil -A -d sql:/run/nss -n root -t CT,, -i %s
                """.formatted(both, root.certificate());
    }

    /**
     * Boots it.
     *
     * @param connection the lines of {@code conn hub} of ipsec.conf besides its two ends and selectors
     * @param secrets of ipsec.secrets
     * @param setUp shell lines before it starts, such as the import of certificates into {@code /run/nss}
     * @param initiate once it runs
     */
    static UserModeLinux boot(Lab lab, Host wire, String connection, String secrets, String setUp, boolean initiate) {
        return bootWith(
                lab, wire, "leftsubnet=10.2.0.0/16\nleftupdown=/bin/true\n" + connection, secrets, setUp, initiate);
    }

    /**
     * Boots it as a client, which takes an address and writes what it was given.
     *
     * @param connection as of {@link #boot}
     */
    static UserModeLinux bootClient(Lab lab, Host wire, String connection, String setUp) {
        // A script of pluto's gets what IKE has said in its environment.
        String script = """
                cat > /run/updown << 'END'
                #!/bin/sh
                [ "$PLUTO_VERB" = up-client ] || exit 0
                echo "given address=${PLUTO_MY_SOURCEIP%/*} dns=$PLUTO_PEER_DNS_INFO domains=$PLUTO_PEER_DOMAIN_INFO"
                ip addr add "${PLUTO_MY_SOURCEIP%/*}/32" dev lo
                ip route replace 10.1.0.0/16 via 192.0.2.1 src "${PLUTO_MY_SOURCEIP%/*}"
                END
                chmod +x /run/updown
                """;
        return bootWith(
                lab,
                wire,
                "leftsubnet=0.0.0.0/0\nleftmodecfgclient=yes\nnarrowing=yes\nleftupdown=/run/updown\n" + connection,
                "",
                setUp + script,
                true);
    }

    private static UserModeLinux bootWith(
            Lab lab, Host wire, String connection, String secrets, String setUp, boolean initiate) {
        Path root = unpacked();
        Path conf = lab.write("libreswan/ipsec.conf", """
                config setup
                    ikev1-policy=accept
                    uniqueids=no
                conn hub
                    left=192.0.2.2
                    right=192.0.2.1
                    rightsubnet=10.1.0.0/16
                    auto=add
                %s
                """.formatted(connection.indent(4)));
        Path keys = lab.write("libreswan/ipsec.secrets", secrets + "\n");
        String script =
                """
                export LD_LIBRARY_PATH=%1$s/usr/lib/x86_64-linux-gnu PATH=%1$s/usr/bin:$PATH
                mount -t tmpfs tmpfs /usr/libexec
                ln -s %1$s/usr/libexec/ipsec /usr/libexec/ipsec
                ip route add 10.1.0.0/16 via 192.0.2.1 src 10.2.0.4
                mkdir -p /run/pluto /run/nss
                certutil -N -d sql:/run/nss --empty-password
                %2$s
                /usr/libexec/ipsec/pluto --nofork --stderrlog --config %3$s --nssdir /run/nss --rundir /run/pluto \
                  --secretsfile %4$s 2>&1 &
                # pluto starts addconn by itself, which loads the connection and ends what it has begun by then.
                whack="/usr/libexec/ipsec/whack --ctlsocket /run/pluto/pluto.ctl"
                for i in $(seq 1 150); do
                  $whack --status 2>/dev/null | grep -q '"hub"' && ! pgrep -x addconn >/dev/null && break
                  sleep 0.2
                done
                $whack --listen
                %5$s
                """.formatted(root, setUp, conf, keys, initiate ? "$whack --name hub --initiate --asynchronous" : "");
        return UserModeLinux.boot(
                lab, wire, "libreswan", "tap0", "192.0.2.2/24", "10.2.0.4/32", script, "ip -s xfrm state");
    }
}
