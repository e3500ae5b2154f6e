package io.sallyport.engine.follow;

import io.sallyport.base.Bytes;
import io.sallyport.gateway.ConnectionStatus;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The IKE SA of a connection and its children, as an operator lists them; empty when there is none. */
final class SaJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SaJson() {}

    static ArrayNode of(ConnectionStatus s) {
        ArrayNode out = JSON.createArrayNode();
        s.session().ifPresent(session -> {
            ObjectNode sa = out.addObject();
            sa.put("localEndpoint", session.local().address().toString());
            sa.put("remoteEndpoint", session.remote().address().toString());
            sa.put("localUdpEncapsulationPort", session.local().port());
            sa.put("remoteUdpEncapsulationPort", session.remote().port());
            sa.put(
                    "remoteIdentity",
                    Bytes.utf8(session.remoteIdentity().toString()).printable());
            sa.put("encryption", session.suite().encryption().toString());
            sa.put("integrity", session.suite().integrity().toString());
            sa.put("prf", session.suite().prf().toString());
            sa.put("dhGroup", session.suite().keyExchange().toString());
            sa.put("lifeTimeSeconds", s.config().lifetime().toSeconds());
            sa.put("isSaInitiator", session.weAreInitiator());
            sa.put("elapsedTimeInSeconds", secondsSince(session.since()));
            ArrayNode children = sa.putArray("quickModeSa");
            for (ConnectionStatus.Child child : s.children()) {
                ObjectNode c = children.addObject();
                c.put("inboundSpi", spi(child.inboundSpi()));
                c.put("outboundSpi", spi(child.outboundSpi()));
                child.suite().ifPresent(suite -> {
                    c.put("encryption", suite.encryption().toString());
                    c.put("integrity", suite.integrity().toString());
                    c.put("pfsGroup", suite.pfs().map(Object::toString).orElse("None"));
                });
                c.put("udpEncapsulation", child.udpEncapsulated());
                child.local().forEach(t -> c.withArray("localTrafficSelectors").add(t.toString()));
                child.remote()
                        .forEach(t -> c.withArray("remoteTrafficSelectors").add(t.toString()));
                c.put("elapsedTimeInSeconds", secondsSince(child.since()));
            }
        });
        return out;
    }

    /** As captures show it. */
    private static String spi(int spi) {
        return "0x%08x".formatted(spi);
    }

    private static long secondsSince(Instant since) {
        return Math.max(0, Duration.between(since, Instant.now()).toSeconds());
    }
}
