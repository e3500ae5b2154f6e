package io.sallyport.ike.v2.message;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;
import io.sallyport.wire.AddressRange;
import java.util.ArrayList;
import java.util.List;

/** One sample of every payload that is read. */
final class Samples {
    static final Payload.Sa SA = new Payload.Sa(List.of(
            new Proposal(
                    1,
                    Proposal.Protocol.IKE,
                    Bytes.EMPTY,
                    List.of(
                            Transform.of(Transform.Type.ENCRYPTION, 12, 256),
                            Transform.of(Transform.Type.PRF, 5),
                            Transform.of(Transform.Type.INTEGRITY, 12),
                            Transform.of(Transform.Type.KEY_EXCHANGE, 14))),
            new Proposal(
                    2,
                    Proposal.Protocol.ESP,
                    Bytes.hex("c0ffee01"),
                    List.of(
                            Transform.of(Transform.Type.ENCRYPTION, 28),
                            Transform.of(Transform.Type.SEQUENCE_NUMBERS, 0)))));
    static final Payload.Ke KE = new Payload.Ke(31, Bytes.wrap(new byte[32]));
    static final Payload.Id ID = new Payload.Id(true, 2, Bytes.utf8("gateway.example"));
    static final Payload.Auth AUTH = new Payload.Auth(2, Bytes.wrap(new byte[32]));
    static final Payload.Nonce NONCE = new Payload.Nonce(Bytes.wrap(new byte[32]));
    static final Payload.Notify NOTIFY =
            new Payload.Notify(3, Bytes.hex("01020304"), NotifyType.REKEY_SA, Bytes.hex("aabb"));
    static final Payload.Delete DELETE =
            new Payload.Delete(Proposal.Protocol.ESP, List.of(Bytes.hex("01020304"), Bytes.hex("05060708")));
    static final Payload.VendorId VENDOR_ID = new Payload.VendorId(Bytes.utf8("vendor"));
    static final Payload.Ts TS = new Payload.Ts(
            true,
            List.of(
                    new Selector(
                            new AddressRange(Address.parse("10.0.0.0"), Address.parse("10.0.255.255")), 0, 0, 65535),
                    new Selector(
                            new AddressRange(Address.parse("2001:db8::"), Address.parse("2001:db8::ff")),
                            6,
                            443,
                            443)));
    static final Payload.Certificate CERT = new Payload.Certificate(Payload.Certificate.X509, Bytes.hex("3003020101"));
    static final Payload.CertificateRequest CERTREQ =
            new Payload.CertificateRequest(Payload.Certificate.X509, Bytes.wrap(new byte[40]));
    static final Payload.Eap EAP = new Payload.Eap(Bytes.hex("0201000901616c6963"));
    static final Payload.Configuration CP = new Payload.Configuration(
            Payload.Configuration.REPLY,
            List.of(
                    new Attribute(Attribute.INTERNAL_IP4_ADDRESS, Bytes.hex("0a090001")),
                    new Attribute(Attribute.INTERNAL_IP4_DNS, Bytes.EMPTY),
                    new Attribute(Attribute.INTERNAL_IP6_ADDRESS, Bytes.hex("20010db8000000000000000000000001" + "80")),
                    new Attribute(Attribute.INTERNAL_IP4_SUBNET, Bytes.hex("0a010000ffff0000")),
                    new Attribute(Attribute.SUPPORTED_ATTRIBUTES, Bytes.hex("00010003")),
                    new Attribute(Attribute.INTERNAL_DNS_DOMAIN, Bytes.utf8("corp.example"))));

    private Samples() {}

    static List<Payload> all() {
        return List.of(SA, KE, ID, AUTH, NONCE, NOTIFY, DELETE, VENDOR_ID, TS, CERT, CERTREQ, EAP, CP);
    }

    static List<Payload.Open> open() {
        List<Payload.Open> open = new ArrayList<>();
        for (Payload payload : all()) {
            if (payload instanceof Payload.Open allowed) {
                open.add(allowed);
            }
        }
        return open;
    }
}
