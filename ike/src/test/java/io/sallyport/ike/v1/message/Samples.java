package io.sallyport.ike.v1.message;

import io.sallyport.base.Bytes;
import java.util.List;

/** One sample of every payload that is read. */
final class Samples {
    static final Payload.Sa SA = Payload.Sa.of(List.of(
            new Proposal(
                    1,
                    Proposal.Protocol.ISAKMP,
                    Bytes.EMPTY,
                    List.of(
                            new Transform(
                                    1,
                                    1,
                                    List.of(
                                            Attribute.number(1, 7),
                                            Attribute.number(14, 256),
                                            Attribute.number(2, 4),
                                            Attribute.number(3, 1),
                                            Attribute.number(4, 14),
                                            Attribute.number(11, 1),
                                            Attribute.number(12, 28_800))),
                            new Transform(2, 1, List.of(Attribute.number(12, 86_400))))),
            new Proposal(
                    2,
                    Proposal.Protocol.ESP,
                    Bytes.hex("c0ffee01"),
                    List.of(new Transform(1, 20, List.of(Attribute.number(6, 256)))))));

    private Samples() {}

    static List<Payload> all() {
        return List.of(
                SA,
                new Payload.Ke(Bytes.wrap(new byte[128])),
                new Payload.Id(4, 6, 443, Bytes.hex("0a010000ffff0000")),
                new Payload.Cert(4, Bytes.hex("3000")),
                new Payload.CertRequest(4, Bytes.EMPTY),
                new Payload.Hash(Bytes.wrap(new byte[20])),
                new Payload.Signature(Bytes.wrap(new byte[256])),
                new Payload.Nonce(Bytes.wrap(new byte[16])),
                new Payload.Notify(3, Bytes.hex("01020304"), NotifyType.RESPONDER_LIFETIME, Bytes.hex("80010001")),
                new Payload.Delete(Proposal.Protocol.ESP, List.of(Bytes.hex("01020304"), Bytes.hex("05060708"))),
                new Payload.VendorId(Bytes.utf8("vendor")),
                new Payload.Attributes(
                        1,
                        77,
                        List.of(
                                Attribute.octets(16521, Bytes.utf8("alice")),
                                Attribute.number(16520, 0),
                                Attribute.octets(1, Bytes.EMPTY))),
                new Payload.NatD(false, Bytes.wrap(new byte[20])),
                new Payload.NatD(true, Bytes.wrap(new byte[32])));
    }
}
