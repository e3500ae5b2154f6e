package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.util.List;

/** Between which addresses the two ends of an IKE SA talk, what is between them, and who decides about it. */
final class Path {
    private Endpoint local;
    private Endpoint remote;
    private NatDetection nat = NatDetection.NONE;
    private boolean mobile;
    private Bytes seenAs = Bytes.EMPTY;
    private List<Address> others = List.of();

    Path(Endpoint local, Endpoint remote) {
        this.local = local;
        this.remote = remote;
    }

    /** The same, for the IKE SA that a rekey makes. */
    Path copy() {
        Path same = new Path(local, remote);
        same.nat = nat;
        same.mobile = mobile;
        same.seenAs = seenAs;
        same.others = others;
        return same;
    }

    Endpoint local() {
        return local;
    }

    Endpoint remote() {
        return remote;
    }

    NatDetection nat() {
        return nat;
    }

    void found(NatDetection between) {
        nat = between;
    }

    void move(Endpoint here, Endpoint there) {
        local = here;
        remote = there;
    }

    /** Both said MOBIKE_SUPPORTED (RFC 4555 section 3.3). */
    boolean isMobile() {
        return mobile;
    }

    void mobile(boolean agreed) {
        mobile = agreed;
    }

    /**
     * RFC 7296 section 2.23: a host that is not behind a NAT itself follows a peer behind one. RFC 4555 section 3.8: not when
     * the peer says itself where it is.
     */
    boolean followsImplicitly() {
        return nat.remote() && !nat.local() && !mobile;
    }

    /** Notes as whom the peer sees us, by a hash of our address; whether that has changed. */
    boolean seenElsewhere(Bytes hash) {
        boolean changed = !hash.equals(seenAs);
        seenAs = hash;
        return changed;
    }

    /** Where the peer can be reached besides, in the order in which it named them (RFC 4555 section 3.6). */
    List<Address> others() {
        return others;
    }

    void others(List<Address> addresses) {
        others = List.copyOf(addresses);
    }

    /** Where ESP leaves: in UDP, or with port 0 as IP protocol 50. */
    Endpoint espLocal() {
        return nat.udp() ? local : local.withPort(0);
    }

    Endpoint espRemote() {
        return nat.udp() ? remote : remote.withPort(0);
    }
}
