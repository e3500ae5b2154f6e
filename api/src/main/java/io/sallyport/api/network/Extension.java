package io.sallyport.api.network;

import io.sallyport.api.arm.ArmResource;
import io.sallyport.api.network.schema.Findings;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The group {@code properties.sallyport}: what Azure does not have. */
final class Extension {
    private static final int WINDOW_STEP = 64;
    private static final int IDENTITY_MAX = 255;
    private static final String CODE = "InvalidSallyportProperty";

    private Extension() {}

    static void check(ArmResource resource, Findings findings) {
        JsonNode p = resource.properties().path("sallyport");
        String at = "properties.sallyport.";
        int window = p.path("replayWindow").asInt(WINDOW_STEP);
        if (window % WINDOW_STEP != 0) {
            findings.wrong(CODE, at + "replayWindow", "found '" + window + "'; allowed: a multiple of 64 in 64..65536");
        }
        for (String name : List.of("localIdentity", "remoteIdentity")) {
            String text = p.path(name).asString("x");
            boolean printable = text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
            if (text.isBlank() || text.length() > IDENTITY_MAX || !printable) {
                findings.wrong(
                        CODE,
                        at + name,
                        "found " + Findings.quoted(text) + "; allowed: an address, a name, a mail address, or"
                                + " keyid:TEXT; printable ASCII, 1 to 255");
            }
        }
    }
}
