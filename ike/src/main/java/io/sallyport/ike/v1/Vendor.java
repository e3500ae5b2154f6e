package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.Payloads;
import java.util.ArrayList;
import java.util.List;

/**
 * What the peer's vendor ids say that it can do.
 *
 * @param nat how it detects NATs
 * @param dpd RFC 3706
 * @param fragments takes messages in parts
 * @param xauth knows it
 * @param sallyport is one
 */
record Vendor(Nat nat, boolean dpd, boolean fragments, boolean xauth, boolean sallyport) {
    /** The kinds of NAT traversal, which differ in numbers only. */
    enum Nat {
        NONE,
        /** draft-ietf-ipsec-nat-t-ike-02 and -03. */
        DRAFT,
        /** RFC 3947. */
        RFC
    }

    static final Vendor UNKNOWN = new Vendor(Nat.NONE, false, false, false, false);

    /** RFC 3947 section 3.1. */
    private static final Bytes NAT_RFC = Bytes.hex("4a131c81070358455c5728f20e95452f");

    private static final Bytes NAT_DRAFT_03 = Bytes.hex("7d9419a65310ca6f2c179d9215529d56");
    /** With and without a line feed behind the name: both are in use. */
    private static final Bytes NAT_DRAFT_02 = Bytes.hex("cd60464335df21f87cfdb2fc68b6a448");

    private static final Bytes NAT_DRAFT_02_LF = Bytes.hex("90cb80913ebb696e086381b5ec427b1f");
    /** RFC 3706 section 5.1, version 1.0. */
    private static final Bytes DPD = Bytes.hex("afcad71368a1f1c96b8696fc77570100");
    /** MD5 of "FRAGMENTATION"; flags may follow it, and do with some. */
    private static final Bytes FRAGMENTATION = Bytes.hex("4048b7d56ebce88525e7de7f00d6c2d3");
    /** draft-ietf-ipsec-isakmp-xauth-06 section 4. */
    private static final Bytes XAUTH = Bytes.hex("09002689dfd6b712");

    private static final Bytes UNITY = Bytes.hex("12f5f28c457168a9702d9fe274cc0100");
    private static final Bytes SALLYPORT = Bytes.utf8("Sallyport 1");

    static Vendor of(List<Payload> payloads) {
        Nat nat = Nat.NONE;
        if (Payloads.hasVendor(payloads, NAT_RFC)) {
            nat = Nat.RFC;
        } else if (Payloads.hasVendor(payloads, NAT_DRAFT_03)
                || Payloads.hasVendor(payloads, NAT_DRAFT_02)
                || Payloads.hasVendor(payloads, NAT_DRAFT_02_LF)) {
            nat = Nat.DRAFT;
        }
        return new Vendor(
                nat,
                Payloads.hasVendor(payloads, DPD),
                Payloads.hasVendor(payloads, FRAGMENTATION),
                Payloads.hasVendor(payloads, XAUTH),
                Payloads.hasVendor(payloads, SALLYPORT));
    }

    /**
     * RFC 3947 section 3.1: the responder names the one that it chose. It names nothing that the initiator has not named:
     * the answer to a stranger is not larger than what it answers.
     */
    static List<Payload> own(PeerConfig peer, boolean initiator, Vendor peers) {
        List<Bytes> ids = new ArrayList<>();
        if (initiator || peers.nat == Nat.RFC) {
            ids.add(NAT_RFC);
        }
        if (initiator || peers.nat == Nat.DRAFT) {
            ids.add(NAT_DRAFT_03);
            ids.add(NAT_DRAFT_02_LF);
        }
        if (initiator || peers.dpd) {
            ids.add(DPD);
        }
        if (initiator || peers.fragments) {
            ids.add(FRAGMENTATION);
        }
        if (peer.ikev1().xauth().isPresent() && (initiator || peers.xauth)) {
            ids.add(XAUTH);
        }
        if (peer.ikev1().xauth().isPresent() && initiator) {
            ids.add(UNITY);
        }
        if (initiator || peers.sallyport) {
            ids.add(SALLYPORT);
        }
        List<Payload> payloads = new ArrayList<>();
        ids.forEach(id -> payloads.add(new Payload.VendorId(id)));
        return payloads;
    }

    boolean draftNat() {
        return nat == Nat.DRAFT;
    }
}
