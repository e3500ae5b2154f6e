package io.sallyport.interop;

import io.sallyport.app.lab.Daemon;
import io.sallyport.app.lab.Host;
import io.sallyport.app.lab.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * FreeRADIUS with a file of users. It speaks EAP-MSCHAPv2, EAP-TLS, EAP-TTLS and PEAP, and takes accounting down in a file.
 *
 * @param directory of its configuration and of what it writes
 */
record FreeRadius(Path directory) {
    static final String SECRET = "testing123";
    static final List<String> COMMAND = List.of("freeradius", "-f", "-X", "-d");

    /**
     * Lays its directory out.
     *
     * @param key PEM with key and certificate that it shows inside of TLS
     * @param authority PEM whose clients it believes
     * @param address where it listens, the port for accounting being the next one
     * @param users in the language of its users file
     */
    static FreeRadius at(Path directory, Path key, Path authority, String address, int port, String users) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("dictionary"), "$INCLUDE /usr/share/freeradius/dictionary\n");
            Files.writeString(directory.resolve("users"), users);
            Files.writeString(
                    directory.resolve("radiusd.conf"), general(directory, key, authority) + servers(address, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FreeRadius(directory);
    }

    private static String general(Path directory, Path key, Path authority) {
        return """
                prefix = /usr
                logdir = %1$s
                run_dir = %1$s
                libdir = /usr/lib/freeradius
                security { allow_vulnerable_openssl = yes
                  reject_delay = 0 }
                modules {
                  files { filename = %1$s/users }
                  pap { }
                  mschap { use_mppe = yes }
                  detail { filename = %1$s/detail }
                  eap {
                    default_eap_type = mschapv2
                    tls-config common {
                      private_key_file = %2$s
                      certificate_file = %2$s
                      ca_file = %3$s
                      tls_min_version = "1.2"
                      tls_max_version = "1.3"
                    }
                    tls { tls = common }
                    ttls { tls = common
                      default_eap_type = mschapv2
                      use_tunneled_reply = yes
                      virtual_server = inner }
                    peap { tls = common
                      default_eap_type = mschapv2
                      use_tunneled_reply = yes
                      virtual_server = inner }
                    mschapv2 { }
                  }
                }
                """.formatted(directory, key, authority);
    }

    private static String servers(String address, int port) {
        return """
                client loopback { ipaddr = 127.0.0.0/8
                  secret = %1$s
                  require_message_authenticator = yes }
                server default {
                  listen { type = auth
                    ipaddr = %2$s
                    port = %3$d }
                  listen { type = acct
                    ipaddr = %2$s
                    port = %4$d }
                  authorize {
                    files
                    if (!&control:Auth-Type) {
                      eap {
                        ok = return
                      }
                    }
                    pap
                  }
                  authenticate {
                    Auth-Type PAP {
                      pap
                    }
                    Auth-Type MS-CHAP {
                      mschap
                    }
                    eap
                  }
                  post-auth {
                    update reply {
                      &Message-Authenticator := 0x00
                    }
                    Post-Auth-Type REJECT {
                      update reply {
                        &Message-Authenticator := 0x00
                      }
                    }
                  }
                  accounting {
                    detail
                  }
                }
                server inner {
                  authorize {
                    files
                    mschap
                    eap {
                      ok = return
                    }
                    pap
                  }
                  authenticate {
                    Auth-Type PAP {
                      pap
                    }
                    Auth-Type MS-CHAP {
                      mschap
                    }
                    eap
                  }
                }
                """.formatted(SECRET, address, port, port + 1);
    }

    /** Starts it on a host of a lab. */
    Daemon start(Lab lab, Host host) {
        List<String> command = new java.util.ArrayList<>(COMMAND);
        command.add(directory.toString());
        Daemon started = lab.start(host, "freeradius-" + directory.getFileName(), command);
        started.await("listening", Duration.ofSeconds(30), () -> started.log().contains("Ready to process requests"));
        return started;
    }

    /** What it took down about sessions. */
    String accounts() {
        Path detail = directory.resolve("detail");
        try {
            return Files.exists(detail) ? Files.readString(detail, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records of {@code user} whose status is {@code status}, such as {@code Start}. */
    List<String> accounts(String user, String status) {
        return List.of(accounts().split("\n\n")).stream()
                .filter(r -> r.contains("User-Name = \"" + user + "\"") && r.contains("Acct-Status-Type = " + status))
                .toList();
    }
}
