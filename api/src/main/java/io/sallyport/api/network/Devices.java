package io.sallyport.api.network;

import io.sallyport.api.arm.Operation;
import io.sallyport.api.arm.Refused;

/** Devices in front of sites, and their configuration. */
final class Devices {
    private Devices() {}

    static String supported() {
        return "<RpVpnDeviceList version=\"1.0\"></RpVpnDeviceList>";
    }

    static Operation.Outcome script(Operation.Call call) throws Refused {
        String vendor = Actions.text(call.body(), "vendor").orElse("");
        if (!vendor.isEmpty()) {
            throw Actions.notFound(call.resource().id() + "/vpndeviceconfigurationscript");
        }
        return new Operation.Outcome.Answer(tools.jackson.databind.node.StringNode.valueOf(""));
    }
}
