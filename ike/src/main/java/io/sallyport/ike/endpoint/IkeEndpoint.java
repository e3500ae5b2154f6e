package io.sallyport.ike.endpoint;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Now;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeVersion;
import io.sallyport.ike.Numbers;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v1.Ikev1;
import io.sallyport.ike.v2.Ikev2;
import java.util.ArrayList;
import java.util.List;

/**
 * All IKE SAs of one gateway instance, of both versions, on the same addresses and ports. The caller carries out every
 * action, in order, before it calls again; it never calls from two threads.
 */
public final class IkeEndpoint {
    /** Where the version stands in the header, which is the same in both (RFC 2408 section 3.1, RFC 7296 section 3.1). */
    private static final int VERSION_AT = 17;

    private final Ikev1 ikev1;
    private final Ikev2 ikev2;
    private Monotonic wake1 = Monotonic.NEVER;
    private Monotonic wake2 = Monotonic.NEVER;
    private Monotonic wished = Monotonic.NEVER;

    public IkeEndpoint(Entropy entropy) {
        Numbers numbers = new Numbers();
        this.ikev1 = new Ikev1(entropy, numbers);
        this.ikev2 = new Ikev2(entropy, numbers);
    }

    /** Applies {@code event}. */
    public List<IkeAction> on(IkeEvent event, Now now) {
        List<IkeAction> out = new ArrayList<>();
        switch (event) {
            case IkeEvent.Datagram datagram -> {
                if (isVersion1(datagram.message())) {
                    tell1(event, now, out);
                } else {
                    tell2(event, now, out);
                }
            }
            case IkeEvent.Configure(List<PeerConfig> peers) -> {
                tell1(new IkeEvent.Configure(of(IkeVersion.IKEV1, peers)), now, out);
                tell2(new IkeEvent.Configure(of(IkeVersion.IKEV2, peers)), now, out);
            }
            case IkeEvent.Deadline _ -> {
                wished = Monotonic.NEVER;
                if (wake1.isDue(now)) {
                    wake1 = Monotonic.NEVER;
                    tell1(event, now, out);
                }
                if (wake2.isDue(now)) {
                    wake2 = Monotonic.NEVER;
                    tell2(event, now, out);
                }
            }
            // Each machine knows its own peers, children and questions, and lets the others pass.
            case IkeEvent.Connect _,
                    IkeEvent.Disconnect _,
                    IkeEvent.RekeyIke _,
                    IkeEvent.RekeyChild _,
                    IkeEvent.ExpireChild _,
                    IkeEvent.FirstInbound _,
                    IkeEvent.PeerMoved _,
                    IkeEvent.LocalAddress _,
                    IkeEvent.Alive _,
                    IkeEvent.UnknownSpi _,
                    IkeEvent.Answered _ -> {
                tell1(event, now, out);
                tell2(event, now, out);
            }
        }
        Monotonic first = wake1.earlier(wake2);
        if (!first.equals(wished) && !first.equals(Monotonic.NEVER)) {
            wished = first;
            out.add(new IkeAction.Wake(first, "ike"));
        }
        return out;
    }

    private void tell1(IkeEvent event, Now now, List<IkeAction> out) {
        for (IkeAction action : ikev1.on(event, now)) {
            if (action instanceof IkeAction.Wake wake) {
                wake1 = wake.at();
            } else {
                out.add(action);
            }
        }
    }

    private void tell2(IkeEvent event, Now now, List<IkeAction> out) {
        for (IkeAction action : ikev2.on(event, now)) {
            if (action instanceof IkeAction.Wake wake) {
                wake2 = wake.at();
            } else {
                out.add(action);
            }
        }
    }

    private static boolean isVersion1(Bytes message) {
        return message.size() > VERSION_AT && message.at(VERSION_AT) >>> 4 == IkeVersion.IKEV1.major();
    }

    private static List<PeerConfig> of(IkeVersion version, List<PeerConfig> peers) {
        return peers.stream().filter(p -> p.version() == version).toList();
    }
}
