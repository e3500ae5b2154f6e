package io.sallyport.engine.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.engine.OsEntropy;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.IkeVersion;
import io.sallyport.radius.Accounting;
import io.sallyport.radius.RadiusClient;
import io.sallyport.radius.RadiusServer;
import io.sallyport.radius.Verdict;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When which session is told to a RADIUS server, and with what. */
class SessionsTest {
    private static final Endpoint GATEWAY = Endpoint.of("192.0.2.1", 4500);
    private static final Endpoint CLIENT = Endpoint.of("198.51.100.7", 4500);
    private static final String PEER = "hub-gw/users#alice";
    private static final int STATUS = 40;
    private static final int OCTETS_IN = 42;
    private static final int OCTETS_OUT = 43;
    private static final int CAUSE = 49;

    private final List<Bytes> told = new ArrayList<>();
    private final Clock clock = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
    private final Accounting accounting = new Accounting(
            new RadiusClient(
                    List.of(new RadiusServer(
                            Endpoint.of("127.0.0.1", 1812),
                            1813,
                            Secret.utf8("testing123"),
                            1,
                            Optional.empty(),
                            Optional.empty(),
                            true)),
                    "hub-gw",
                    new OsEntropy(),
                    (server, port, request, accepted, patience) -> {
                        told.add(request);
                        return Optional.empty();
                    },
                    clock),
            clock);
    private final Sessions sessions = new Sessions(Runnable::run, clock);

    /** A number in a request, which is a header of twenty octets and then attributes. */
    private static long number(Bytes request, int type) {
        for (int at = 20; at < request.size(); at += request.at(at + 1)) {
            if (request.at(at) == type) {
                return Long.parseLong(request.slice(at + 2, at + 6).hex(), 16);
            }
        }
        return -1;
    }

    private List<Long> statuses() {
        return told.stream().map(r -> number(r, STATUS)).toList();
    }

    private void admit(Endpoint from) {
        sessions.admitted(
                Optional.of(accounting),
                new RadiusClient.Caller("0102", from),
                new Verdict.Accept(
                        Bytes.EMPTY, "alice", Optional.empty(), List.of(), Optional.empty(), Verdict.Marks.NONE));
    }

    private void comesUp(Endpoint from) {
        sessions.noted(new IkeFact.IkeUp(
                PEER,
                IkeVersion.IKEV2,
                1,
                2,
                false,
                new IkeSuite(
                        EncryptionAlgorithm.AES_GCM_16_256,
                        IntegrityAlgorithm.NONE,
                        PrfAlgorithm.HMAC_SHA2_384,
                        KeyExchangeMethod.ECP_384),
                GATEWAY,
                from,
                false,
                true,
                Identity.fqdn("alice"),
                List.of("EAP-MSCHAPv2 by RADIUS as alice"),
                List.of(Address.parse("172.16.0.1"))));
    }

    private void childUp(long id) {
        EncryptionAlgorithm encryption = EncryptionAlgorithm.AES_GCM_16_256;
        Secret key = Secret.utf8("key");
        ChildSa child = new ChildSa(
                id,
                "hub-gw/users",
                "client",
                1,
                2,
                encryption,
                IntegrityAlgorithm.NONE,
                true,
                key,
                Secret.utf8(""),
                key,
                Secret.utf8(""),
                List.of(),
                List.of(),
                true,
                GATEWAY,
                CLIENT,
                1024,
                0,
                0);
        sessions.noted(new IkeFact.ChildUp(
                PEER,
                child,
                new EspSuite(encryption, IntegrityAlgorithm.NONE, Optional.empty(), true),
                Optional.empty()));
    }

    private void carried(long child, long octetsIn, long octetsOut) {
        sessions.counted(child, new Accounting.Usage(octetsIn, 1, octetsOut, 1));
    }

    private void goesDown() {
        sessions.noted(new IkeFact.IkeDown(PEER, new IkeFact.Failure.DeletedByPeer()));
    }

    @Test
    void aSessionIsToldFromItsBeginToItsEndWithAllThatItsChildrenCarried() {
        admit(CLIENT);
        comesUp(CLIENT);
        childUp(1);
        carried(1, 100, 50);
        childUp(2);
        sessions.noted(new IkeFact.ChildDown(PEER, 1, new IkeFact.Failure.Replaced()));
        // What was still on its way when the successor took over.
        carried(1, 140, 60);
        carried(2, 10, 5);
        goesDown();
        assertThat(statuses()).containsExactly(1L, 2L);
        assertThat(number(told.getLast(), OCTETS_IN)).isEqualTo(150);
        assertThat(number(told.getLast(), OCTETS_OUT)).isEqualTo(65);
        assertThat(number(told.getLast(), CAUSE)).isEqualTo(1);
    }

    @Test
    void whoProvesItselfAnewGoesOnWithItsSession() {
        admit(CLIENT);
        comesUp(CLIENT);
        admit(CLIENT);
        comesUp(CLIENT);
        goesDown();
        goesDown();
        assertThat(statuses()).containsExactly(1L, 2L);
    }

    @Test
    void whomNoServerLetInIsToldToNone() {
        comesUp(CLIENT);
        childUp(1);
        carried(1, 100, 50);
        goesDown();
        admit(Endpoint.of("198.51.100.8", 4500));
        comesUp(CLIENT);
        goesDown();
        assertThat(told).isEmpty();
    }
}
