package io.sallyport.api.network;

import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;
import io.sallyport.api.arm.Service;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Microsoft.Network/expressRouteServiceProviders: circuits are the operator's own, so that there is one provider. */
final class CircuitProviders implements Service {
    private static final List<Integer> MEGABITS = List.of(50, 100, 200, 500, 1000, 2000, 5000, 10000);

    @Override
    public String name() {
        return "Microsoft.Network/expressRouteServiceProviders";
    }

    @Override
    public Reply answer(Asked asked) throws Refused {
        if (!asked.method().equals("GET") || !asked.path().isEmpty()) {
            throw Actions.notFound(name() + "/" + String.join("/", asked.path()));
        }
        ObjectNode out = Actions.page();
        ObjectNode provider = out.withArray("value").addObject();
        provider.put("name", "Sallyport");
        provider.put("id", "/subscriptions/" + asked.subscription() + "/providers/" + name() + "/Sallyport");
        provider.put("type", name());
        ObjectNode p = provider.putObject("properties");
        p.putArray("peeringLocations").add("local");
        ArrayNode offers = p.putArray("bandwidthsOffered");
        for (int megabits : MEGABITS) {
            String offer = megabits < 1000 ? megabits + "Mbps" : megabits / 1000 + "Gbps";
            offers.addObject().put("offerName", offer).put("valueInMbps", megabits);
        }
        p.put("provisioningState", "Succeeded");
        return new Reply.Ok(out);
    }
}
