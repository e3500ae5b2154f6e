package io.sallyport.engine.follow;

import io.sallyport.base.Bytes;
import io.sallyport.gateway.ConnectionStatus;
import io.sallyport.gateway.FactText;
import io.sallyport.gateway.Why;
import io.sallyport.ike.TrafficSelector;
import io.sallyport.wire.Address;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The status of a connection, or of a gateway's clients, for programs. Times are ISO 8601, counts are octets and packets. */
public final class StatusJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private StatusJson() {}

    public static ObjectNode of(ConnectionStatus s) {
        ObjectNode out = JSON.createObjectNode();
        out.put("name", s.name());
        out.put("gateway", s.gateway().name());
        out.put("site", s.site().name());
        out.put("peer", s.config().remote().map(Address::toString).orElse("any"));
        out.put("local", s.config().local().toString());
        out.put("state", s.state().toString());
        out.put("since", s.since().toString());
        out.put("initiates", s.config().mayInitiate());
        s.trouble().ifPresent(t -> {
            out.put("lastFailure", FactText.of(t.failure()));
            out.put("lastFailureKind", t.failure().getClass().getSimpleName());
            out.put("lastFailureAt", t.at().toString());
        });
        s.nextTry().ifPresent(at -> out.put("nextTry", at.toString()));
        out.put("failedAttempts", s.attempts());
        s.session().ifPresent(session -> {
            ObjectNode ike = out.putObject("ike");
            ike.put("version", s.config().version().toString());
            ike.put("suite", session.suite().toString());
            ike.put("local", session.local().toString());
            ike.put("remote", session.remote().toString());
            ike.put("natLocal", session.natLocal());
            ike.put("natRemote", session.natRemote());
            ike.put(
                    "remoteIdentity",
                    Bytes.utf8(session.remoteIdentity().toString()).printable());
            session.provenBy().forEach(ike.withArray("provenBy")::add);
            session.leased().forEach(a -> ike.withArray("leased").add(a.toString()));
            ike.put("initiator", session.weAreInitiator());
            ike.put("since", session.since().toString());
        });
        ArrayNode children = out.putArray("children");
        for (ConnectionStatus.Child child : s.children()) {
            ObjectNode c = children.addObject();
            c.put("id", child.id());
            c.put("config", child.config());
            child.suite().ifPresent(suite -> c.put("suite", suite.toString()));
            c.put("encapsulation", child.udpEncapsulated() ? "udp" : "raw");
            selectors(c.putArray("local"), child.local());
            selectors(c.putArray("remote"), child.remote());
            c.put("since", child.since().toString());
        }
        if (s.config().clients().isPresent()) {
            ArrayNode clients = out.putArray("clients");
            for (ConnectionStatus.Client client : s.clients()) {
                ObjectNode c = clients.addObject();
                c.put("identity", Bytes.utf8(client.identity().toString()).printable());
                client.provenBy()
                        .forEach(how ->
                                c.withArray("provenBy").add(Bytes.utf8(how).printable()));
                client.addresses().forEach(a -> c.withArray("addresses").add(a.toString()));
                c.put("remote", client.remote().toString());
                c.put("suite", client.suite().toString());
                c.put("since", client.since().toString());
            }
        }
        ArrayNode weak = out.putArray("weak");
        s.weaknesses().forEach(weak::add);
        out.put("bytesIn", s.bytesIn());
        out.put("bytesOut", s.bytesOut());
        out.put("packetsIn", s.packetsIn());
        out.put("packetsOut", s.packetsOut());
        return out;
    }

    public static ObjectNode why(ConnectionStatus s) {
        Why.Explanation explanation = Why.of(s);
        ObjectNode out = JSON.createObjectNode();
        out.put("sentence", explanation.sentence());
        ArrayNode advice = out.putArray("advice");
        explanation.advice().forEach(advice::add);
        ArrayNode table = out.putArray("table");
        for (Why.Row row : explanation.table()) {
            ObjectNode r = table.addObject();
            r.put("what", row.what());
            r.put("ours", row.ours());
            r.put("peers", row.peers());
            r.put("differs", row.differs());
        }
        ArrayNode timeline = out.putArray("timeline");
        for (ConnectionStatus.Moment moment : s.timeline()) {
            ObjectNode m = timeline.addObject();
            m.put("at", moment.at().toString());
            m.put("text", FactText.of(moment.fact()));
        }
        return out;
    }

    private static void selectors(ArrayNode out, List<TrafficSelector> selectors) {
        selectors.forEach(s -> out.add(s.toString()));
    }
}
