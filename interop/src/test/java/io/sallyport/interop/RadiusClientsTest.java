package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Daemon;
import io.sallyport.app.lab.Sallyport;
import io.sallyport.app.lab.StrongSwan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Road warriors about whom RADIUS decides, from one end to the other:
 *
 * <pre>
 *   strongSwan  192.0.2.10 ──┐
 *   strongSwan  192.0.2.11 ──┴── 192.0.2.1  Sallyport ── 127.0.0.2  FreeRADIUS, asked first
 *                                                     └─ 127.0.0.3  FreeRADIUS
 * </pre>
 *
 * <p>bob comes first and stays while the others come and go, so that his session lasts long enough to be told of in between.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RadiusClientsTest {
    private static final String FIRST = "127.0.0.2";
    private static final String SECOND = "127.0.0.3";
    private static final String FRAMED = "172.16.0.77";
    private static final String USERS = """
            bob   Cleartext-Password := "builder"
                  Framed-IP-Address = 172.16.0.77, Class = 0x0102, Acct-Interim-Interval = 60
            tina  Cleartext-Password := "turner"
            dora  Cleartext-Password := "explorer"
            frank Cleartext-Password := "francis"
            eve   Auth-Type := Reject
                  Reply-Message = "not today"
            """;

    private static RoadWarriors lab;
    private static FreeRadius first;
    private static FreeRadius second;
    private static Daemon firstDaemon;
    private static Daemon secondDaemon;
    private static Sallyport gateway;
    private static StrongSwan bob;
    private static StrongSwan others;

    @BeforeAll
    static void start() throws IOException {
        lab = new RoadWarriors();
        Path radius = lab.kit.resolve("radius.pem");
        Authority.Issued own =
                lab.root.issue("radius.example", "rsa2048", "DNS:radius.example", "extendedKeyUsage=serverAuth");
        Files.writeString(radius, Files.readString(own.key()) + Files.readString(own.certificate()));
        first = radius("first", FIRST, radius);
        second = radius("second", SECOND, radius);
        firstDaemon = first.start(lab.lab, lab.hub);
        secondDaemon = second.start(lab.lab, lab.hub);
        gateway = lab.gateway(
                """
                radiusServers:
                  - { radiusServerAddress: %s, radiusServerSecret: %s, radiusServerScore: 30 }
                  - { radiusServerAddress: %s, radiusServerSecret: %s, radiusServerScore: 20 }
                """.formatted(FIRST, FreeRadius.SECRET, SECOND, FreeRadius.SECRET), "radiusAccounting: true");
        bob = lab.strongSwan(
                lab.client,
                lab.swanctl(
                        "192.0.2.10",
                        "auth = eap-mschapv2\neap_id = bob",
                        "",
                        "eap-bob {\n id = bob\n secret = builder\n}"),
                ClientsTest.layOut(lab, "bob"));
        bob.trySwanctl("--initiate", "--child", "all", "--timeout", "10");
        others = lab.strongSwan(lab.other, everybody(), ClientsTest.layOut(lab, "alice"));
    }

    private static FreeRadius radius(String name, String address, Path key) {
        return FreeRadius.at(lab.lab.directory().resolve(name), key, lab.root.certificate(), address, 1812, USERS);
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    @Order(1)
    @Shows(
            peer = Shows.STRONGSWAN + " and " + Shows.FREERADIUS,
            feature = "IKEv2, EAP-MSCHAPv2 by RADIUS, Framed-IP-Address",
            role = "responder")
    void theServerChoosesTheAddressAndIsToldWhenTheSessionBegins() {
        assertThat(lab.awaitAddress(lab.client, bob, gateway)).isEqualTo(FRAMED);
        assertThat(lab.hub.ping("10.1.0.4", FRAMED, 3, Duration.ofMillis(200))).isEqualTo(3);
        await("the session is told", () -> !first.accounts("bob", "Start").isEmpty());
        assertThat(first.accounts("bob", "Start").getFirst())
                .contains("Framed-IP-Address = " + FRAMED, "NAS-Identifier = \"hub-gw\"", "Class = 0x0102")
                .contains("Calling-Station-Id = \"192.0.2.10[4500]\"");
    }

    @Test
    @Order(2)
    @Shows(
            peer = Shows.STRONGSWAN + " and " + Shows.FREERADIUS,
            feature = "IKEv2, EAP-TTLS (inner EAP-MSCHAPv2) by RADIUS, accounting from start to stop",
            role = "responder")
    void ttlsPassesThroughAndTheStopTellsWhatMoved() {
        String address = connect("tina");
        assertThat(lab.other.ping(address, "10.1.0.4", 5, Duration.ofMillis(200)))
                .isEqualTo(5);
        others.trySwanctl("--terminate", "--ike", "tina", "--timeout", "5");
        await("the end is told", () -> !first.accounts("tina", "Stop").isEmpty());
        String stop = first.accounts("tina", "Stop").getFirst();
        assertThat(first.accounts("tina", "Start")).hasSize(1);
        assertThat(stop).contains("Acct-Terminate-Cause = User-Request");
        // Five echo requests of 84 octets each way at least; and the server's log names the method.
        assertThat(number(stop, "Acct-Input-Octets")).isGreaterThanOrEqualTo(5 * 84);
        assertThat(number(stop, "Acct-Output-Octets")).isGreaterThanOrEqualTo(5 * 84);
        assertThat(number(stop, "Acct-Input-Packets")).isGreaterThanOrEqualTo(5);
        assertThat(firstDaemon.log()).contains("eap_ttls");
    }

    @Test
    @Order(3)
    @Shows(
            peer = Shows.STRONGSWAN + " and " + Shows.FREERADIUS,
            feature = "IKEv2, EAP-TLS (TLS 1.2) by RADIUS",
            role = "responder")
    void tlsPassesThrough() {
        connect("alice");
        assertThat(first.accounts("alice", "Start")).isNotEmpty();
        others.trySwanctl("--terminate", "--ike", "alice", "--timeout", "5");
    }

    @Test
    @Order(4)
    @Shows(
            peer = Shows.STRONGSWAN + " and " + Shows.FREERADIUS,
            feature = "IKEv2, a user whom RADIUS rejects is told, and why names the method and the server's words",
            role = "responder")
    void whoIsRejectedIsToldAndWhySaysIt() {
        others.trySwanctl("--initiate", "--child", "frank", "--timeout", "10");
        await("strongSwan is told", () -> others.log().contains("received EAP_FAILURE"));
        await("why knows", () -> why().contains("EAP-MSCHAPv2 by RADIUS of frank"));
        assertThat(why()).contains("rejects it");
        others.trySwanctl("--initiate", "--child", "eve", "--timeout", "10");
        await("why repeats what the server said", () -> why().contains("not today"));
    }

    @Test
    @Order(5)
    @Shows(
            peer = Shows.STRONGSWAN + " and " + Shows.FREERADIUS,
            feature = "IKEv2, the second RADIUS server decides when the first is silent",
            role = "responder")
    void theSecondServerIsAskedWhenTheFirstIsSilent() {
        firstDaemon.signal("STOP");
        try {
            connect("dora");
            await("the second is told", () -> !second.accounts("dora", "Start").isEmpty());
            others.trySwanctl("--terminate", "--ike", "dora", "--timeout", "5");
            secondDaemon.signal("STOP");
            others.trySwanctl("--initiate", "--child", "dora", "--timeout", "1");
            await("why names both", () -> why().contains("No RADIUS server"));
            assertThat(why()).contains(FIRST + ":1812", SECOND + ":1812");
        } finally {
            firstDaemon.signal("CONT");
            secondDaemon.signal("CONT");
        }
    }

    @Test
    @Order(6)
    @Shows(
            peer = Shows.STRONGSWAN + " and " + Shows.FREERADIUS,
            feature = "IKEv2, RADIUS accounting in between, and at the end",
            role = "responder")
    void aLongSessionIsToldOfInBetween() {
        assertThat(lab.client.ping(FRAMED, "10.1.0.4", 3, Duration.ofMillis(200)))
                .isEqualTo(3);
        await(
                "what moved is told in between",
                () -> interim("bob").stream().anyMatch(r -> number(r, "Acct-Input-Octets") > 0));
        bob.trySwanctl("--terminate", "--ike", "vpn", "--timeout", "5");
        await("the end is told", () -> !stops("bob").isEmpty());
        String stop = stops("bob").getFirst();
        assertThat(stop).contains("Class = 0x0102", "Acct-Terminate-Cause = User-Request");
        assertThat(number(stop, "Acct-Session-Time")).isGreaterThanOrEqualTo(60);
    }

    private static List<String> interim(String user) {
        return java.util.stream.Stream.of(first, second)
                .flatMap(r -> r.accounts(user, "Interim-Update").stream())
                .toList();
    }

    private static List<String> stops(String user) {
        return java.util.stream.Stream.of(first, second)
                .flatMap(r -> r.accounts(user, "Stop").stream())
                .toList();
    }

    private static String why() {
        return gateway.command("why", "hub-gw").output();
    }

    /** Brings a connection of {@link #everybody} up; the answer is the address that it got. */
    private static String connect(String name) {
        others.trySwanctl("--initiate", "--child", name, "--timeout", "25");
        return lab.awaitAddress(lab.other, others, gateway);
    }

    private static long number(String record, String attribute) {
        Matcher matcher = Pattern.compile(attribute + " = ([0-9]+)").matcher(record);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private static void await(String what, BooleanSupplier ready) {
        gateway.daemon().await(what, Duration.ofSeconds(90), ready);
    }

    /** All who come from the second host, a connection each. */
    private static String everybody() {
        String inTls = "aaa_id = radius.example";
        return "connections {\n"
                + connection("tina", "auth = eap-ttls\neap_id = tina\n" + inTls)
                + connection("alice", "auth = eap-tls\ncerts = own.pem\nid = alice\n" + inTls)
                + connection("frank", "auth = eap-mschapv2\neap_id = frank")
                + connection("eve", "auth = eap-mschapv2\neap_id = eve")
                + connection("dora", "auth = eap-mschapv2\neap_id = dora")
                + "}\nsecrets {\n eap-tina {\n id = tina\n secret = turner\n }\n"
                + " eap-dora {\n id = dora\n secret = explorer\n }\n eap-frank {\n id = frank\n secret = wrong\n }\n eap-eve {\n id = eve\n secret = x\n }\n}\n";
    }

    private static String connection(String name, String local) {
        return """
                %s {
                  version = 2
                  local_addrs = 192.0.2.11
                  remote_addrs = 192.0.2.1
                  vips = 0.0.0.0
                  encap = yes
                  proposals = aes256gcm16-prfsha384-ecp384
                  local {
                    %s
                  }
                  remote {
                    auth = pubkey
                    id = vpn.example
                  }
                  children {
                    %s {
                      remote_ts = 10.1.0.0/16
                      esp_proposals = aes256gcm16
                    }
                  }
                }
                """.formatted(name, local, name);
    }
}
