package io.sallyport.ike.v1;

import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.TrafficSelector;
import java.util.ArrayList;
import java.util.List;

/**
 * What one quick mode is about: it has room for one selector of each side (RFC 2409 section 5.5), so a
 * {@link ChildConfig} becomes as many children as it has pairs.
 */
record Flow(ChildConfig config, TrafficSelector local, TrafficSelector remote) {
    static List<Flow> of(ChildConfig config, List<TrafficSelector> locals, List<TrafficSelector> remotes) {
        List<Flow> pairs = new ArrayList<>();
        for (TrafficSelector local : locals) {
            for (TrafficSelector remote : remotes) {
                if (local.addresses().first().family()
                        == remote.addresses().first().family()) {
                    pairs.add(new Flow(config, local, remote));
                }
            }
        }
        return pairs;
    }

    @Override
    public String toString() {
        return config.name() + " " + local + " = " + remote;
    }
}
