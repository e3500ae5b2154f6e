package io.sallyport.ike.v2;

import io.sallyport.base.Secret;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.Proofs;
import io.sallyport.ike.TwoGateways;
import io.sallyport.wire.Address;
import java.util.List;
import java.util.Optional;

/** Configurations of two gateways that know each other. */
final class Configs extends TwoGateways {
    static final String SECOND = "second";

    private Configs() {}

    static PeerConfig left() {
        return peer(LEFT, RIGHT, leftChildren());
    }

    static PeerConfig right() {
        return peer(RIGHT, LEFT, rightChildren());
    }

    static PeerConfig peer(Address local, Address remote, List<ChildConfig> children) {
        return sharing(local, remote, children, List.of(GCM, CBC)).build();
    }

    /** The same two gateways on another pair of addresses: the last octet is greater by 100. */
    static PeerConfig second(PeerConfig peer) {
        return named(peer(further(peer.local()), further(peer.remote().orElseThrow()), peer.children()), SECOND);
    }

    static PeerConfig named(PeerConfig peer, String name) {
        return peer.but().name(name).build();
    }

    private static Address further(Address address) {
        String text = address.toString();
        int dot = text.lastIndexOf('.');
        return Address.parse(text.substring(0, dot + 1) + (100 + Integer.parseInt(text.substring(dot + 1))));
    }

    static PeerConfig withSuites(PeerConfig peer, List<IkeSuite> offers, List<IkeSuite> accepts) {
        return peer.but().offers(offers).accepts(accepts).build();
    }

    static PeerConfig withEncapsulation(PeerConfig peer, PeerConfig.EncapsulationMode mode) {
        return peer.but().encapsulation(mode).build();
    }

    static PeerConfig withChildren(PeerConfig peer, List<ChildConfig> children) {
        return peer.but().children(children).build();
    }

    static PeerConfig withIdentities(PeerConfig peer, Identity local, Optional<Identity> remote, Secret key) {
        return peer.but()
                .localIdentity(local)
                .remoteIdentity(remote)
                .proofs(Proofs.sharedKey(key))
                .build();
    }
}
