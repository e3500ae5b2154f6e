package io.sallyport.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.esp.InboundSa;
import io.sallyport.esp.OutboundSa;
import io.sallyport.ike.ChildSa;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Packet;
import io.sallyport.wire.Prefix;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The tables in which packet threads find children. */
class TablesTest {
    private static final Secret KEY = Secret.wrap(new byte[36]);
    private static final Endpoint OUTER = new Endpoint(Address.parse("192.0.2.1"), 4500);

    @Test
    void childrenAreFoundByTheirSpiWhileOthersComeAndGo() {
        Random random = new Random(1);
        ChildTable table = new ChildTable();
        Map<Integer, Child> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            int spi = 256 + random.nextInt(300);
            Child known = model.remove(spi);
            if (known != null) {
                table.remove(known);
            } else {
                Child child = child(spi, Prefix.ANY_IPV4);
                model.put(spi, child);
                table.put(child);
            }
            int asked = 256 + random.nextInt(300);
            assertThat(table.find(asked))
                    .as("SPI %d after step %d", asked, step)
                    .isSameAs(model.get(asked));
        }
        assertThat(model).hasSizeGreaterThan(100);
    }

    @Test
    void whatHasLeftTheTableTwiceIsGoneOnce() {
        ChildTable table = new ChildTable();
        Child first = child(300, Prefix.ANY_IPV4);
        Child second = child(301, Prefix.ANY_IPV4);
        table.put(first);
        table.put(second);
        table.remove(first);
        table.remove(first);

        assertThat(table.find(300)).isNull();
        assertThat(table.find(301)).isSameAs(second);
    }

    @Test
    void eachOfManyClientsIsFoundByItsAddress() {
        Carriers carriers = Carriers.NONE;
        Child[] clients = new Child[2_000];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = child(i, new Prefix(client(i), 32));
            carriers = carriers.prefer(clients[i]);
        }
        for (int i = 0; i < clients.length; i++) {
            assertThat(carriers.find(packet(client(i)))).as("client %d", i).isSameAs(clients[i]);
        }
        assertThat(carriers.find(packet(client(clients.length)))).isNull();
    }

    @Test
    void theNewestChildOfAClientCarriesAndTheOlderOneWhenItIsGone() {
        Carriers carriers = Carriers.NONE;
        for (int i = 0; i < 20; i++) {
            carriers = carriers.prefer(child(i, new Prefix(client(i), 32)));
        }
        Child older = child(100, new Prefix(client(7), 32));
        Child newer = child(101, new Prefix(client(7), 32));
        carriers = carriers.prefer(older).prefer(newer);

        assertThat(carriers.find(packet(client(7)))).isSameAs(newer);
        assertThat(carriers.without(newer).find(packet(client(7)))).isSameAs(older);
        assertThat(carriers.prefer(older).find(packet(client(7)))).isSameAs(older);
    }

    @Test
    void aNetworkBesideManyClientsIsFoundForWhatNoClientHas() {
        Carriers carriers = Carriers.NONE;
        Child network = child(1_000, Prefix.parse("10.9.0.0/16"));
        for (int i = 0; i < 20; i++) {
            carriers = carriers.prefer(child(i, new Prefix(client(i), 32)));
        }
        carriers = carriers.prefer(network);

        assertThat(carriers.find(packet(Address.parse("10.9.1.1")))).isSameAs(network);
        assertThat(found(carriers.find(packet(client(3))))).isEqualTo(3);
    }

    private static int found(@Nullable Child child) {
        return child == null ? -1 : child.sa().inboundSpi();
    }

    private static Address client(int i) {
        return Address.ipv4(0x0a64_0000 + i);
    }

    private static Packet packet(Address to) {
        byte[] octets = new byte[28];
        octets[0] = 0x45;
        octets[3] = 28;
        octets[8] = 64;
        octets[9] = 17;
        octets[12] = 10;
        octets[15] = 1;
        Bytes destination = to.toBytes();
        for (int i = 0; i < 4; i++) {
            octets[16 + i] = (byte) destination.at(i);
        }
        octets[25] = 8;
        Packet packet = new Packet();
        assertThat(packet.read(MemorySegment.ofArray(octets), 0, octets.length)).isNull();
        return packet;
    }

    @SuppressWarnings("NullAway") // Neither table looks at the SAs or the way out.
    private static Child child(int spi, Prefix remote) {
        ChildSa sa = new ChildSa(
                spi,
                "peer",
                "child",
                spi,
                spi,
                EncryptionAlgorithm.AES_GCM_16_256,
                IntegrityAlgorithm.NONE,
                false,
                KEY,
                KEY,
                KEY,
                KEY,
                List.of(TrafficSelector.of(Prefix.ANY_IPV4)),
                List.of(TrafficSelector.of(remote)),
                true,
                OUTER,
                OUTER,
                64,
                0,
                0);
        InboundSa in = null;
        OutboundSa out = null;
        OuterPath path = null;
        return new Child(sa, new Peer("peer"), in, out, path);
    }
}
