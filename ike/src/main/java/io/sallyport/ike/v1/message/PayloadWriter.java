package io.sallyport.ike.v1.message;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Writer;
import java.util.List;

/** Writes payload chains. */
public final class PayloadWriter {
    /** RFC 2407 section 4.6.1 and 4.2: the IPsec DOI, SIT_IDENTITY_ONLY. */
    static final int IPSEC_DOI = 1;

    static final int IDENTITY_ONLY = 1;

    private PayloadWriter() {}

    public static PayloadType firstType(List<? extends Payload> payloads) {
        return payloads.isEmpty() ? PayloadType.NONE : payloads.getFirst().type();
    }

    public static Bytes chain(List<? extends Payload> payloads) {
        Writer out = new Writer();
        for (int i = 0; i < payloads.size(); i++) {
            Payload payload = payloads.get(i);
            out.u8(firstType(payloads.subList(i + 1, payloads.size())).code())
                    .u8(0)
                    .lengthU16(4, w -> body(payload, w));
        }
        return out.toBytes();
    }

    private static void body(Payload payload, Writer out) {
        switch (payload) {
            case Payload.Sa sa -> out.bytes(sa.body());
            case Payload.Ke(Bytes data) -> out.bytes(data);
            case Payload.Id id -> out.bytes(id.body());
            case Payload.Cert(int encoding, Bytes data) -> out.u8(encoding).bytes(data);
            case Payload.CertRequest(int encoding, Bytes authority) ->
                out.u8(encoding).bytes(authority);
            case Payload.Hash(Bytes data) -> out.bytes(data);
            case Payload.Signature(Bytes data) -> out.bytes(data);
            case Payload.Nonce(Bytes data) -> out.bytes(data);
            case Payload.Notify(int protocol, Bytes spi, NotifyType type, Bytes data) ->
                out.u32(IPSEC_DOI)
                        .u8(protocol)
                        .u8(spi.size())
                        .u16(type.code())
                        .bytes(spi)
                        .bytes(data);
            case Payload.Delete(int protocol, List<Bytes> spis) -> {
                out.u32(IPSEC_DOI)
                        .u8(protocol)
                        .u8(spis.isEmpty() ? 0 : spis.getFirst().size())
                        .u16(spis.size());
                spis.forEach(out::bytes);
            }
            case Payload.VendorId(Bytes data) -> out.bytes(data);
            case Payload.Attributes(int kind, int identifier, List<Attribute> attributes) -> {
                out.u8(kind).u8(0).u16(identifier);
                attributes(attributes, out);
            }
            case Payload.NatD(boolean _, Bytes hash) -> out.bytes(hash);
            case Payload.Skipped _ -> {}
        }
    }

    static void sa(List<Proposal> proposals, Writer out) {
        out.u32(IPSEC_DOI).u32(IDENTITY_ONLY);
        for (int i = 0; i < proposals.size(); i++) {
            Proposal proposal = proposals.get(i);
            out.u8(i < proposals.size() - 1 ? PROPOSAL : 0).u8(0).lengthU16(4, w -> proposal(proposal, w));
        }
    }

    /** What the "next payload" of a proposal and of a transform says when another follows. */
    static final int PROPOSAL = 2;

    static final int TRANSFORM = 3;

    private static void proposal(Proposal proposal, Writer out) {
        List<Transform> transforms = proposal.transforms();
        out.u8(proposal.number())
                .u8(proposal.protocol())
                .u8(proposal.spi().size())
                .u8(transforms.size())
                .bytes(proposal.spi());
        for (int i = 0; i < transforms.size(); i++) {
            Transform transform = transforms.get(i);
            out.u8(i < transforms.size() - 1 ? TRANSFORM : 0).u8(0).lengthU16(4, w -> {
                w.u8(transform.number()).u8(transform.id()).u16(0);
                attributes(transform.attributes(), w);
            });
        }
    }

    private static void attributes(List<Attribute> attributes, Writer out) {
        for (Attribute attribute : attributes) {
            if (attribute.basic()) {
                out.u16(0x8000 | attribute.type()).bytes(attribute.value());
            } else {
                out.u16(attribute.type()).lengthU16(0, w -> w.bytes(attribute.value()));
            }
        }
    }
}
