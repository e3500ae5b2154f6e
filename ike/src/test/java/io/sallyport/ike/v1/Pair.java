package io.sallyport.ike.v1;

import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.Numbers;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.TwoEnds;

/** Two endpoints of IKEv1. */
final class Pair extends TwoEnds<Ikev1> {
    Pair(PeerConfig leftPeer, PeerConfig rightPeer) {
        super(entropy -> new Ikev1(entropy, new Numbers()), Ikev1::on, leftPeer, rightPeer);
    }

    static Pair ordinary() {
        return new Pair(Configs.left(), Configs.right());
    }

    static Pair connected() {
        Pair pair = ordinary();
        pair.left.on(new IkeEvent.Connect(Configs.PEER));
        pair.settle();
        return pair;
    }

    /** The left end is killed and comes back without its memory. */
    End rebornLeft() {
        return rebornLeft(Configs.left());
    }
}
