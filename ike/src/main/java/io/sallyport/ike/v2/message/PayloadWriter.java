package io.sallyport.ike.v2.message;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Writer;
import java.util.List;

/** Writes payload chains. */
final class PayloadWriter {
    private PayloadWriter() {}

    static PayloadType firstType(List<? extends Payload> payloads) {
        return payloads.isEmpty() ? PayloadType.NONE : payloads.getFirst().type();
    }

    static Bytes chain(List<? extends Payload> payloads) {
        Writer out = new Writer();
        for (int i = 0; i < payloads.size(); i++) {
            Payload payload = payloads.get(i);
            // RFC 7296 section 3.2: the critical bit is zero for the payload types that the RFC defines.
            out.u8(firstType(payloads.subList(i + 1, payloads.size())).code())
                    .u8(payload instanceof Payload.Skipped(PayloadType _, boolean critical) && critical ? 0x80 : 0)
                    .lengthU16(4, w -> body(payload, w));
        }
        return out.toBytes();
    }

    private static void body(Payload payload, Writer out) {
        switch (payload) {
            case Payload.Sa sa -> sa(sa, out);
            case Payload.Ke(int group, Bytes data) -> out.u16(group).u16(0).bytes(data);
            case Payload.Id id -> out.bytes(id.restOfPayload());
            case Payload.Auth(int method, Bytes data) -> out.u8(method).zeros(3).bytes(data);
            case Payload.Nonce(Bytes data) -> out.bytes(data);
            case Payload.Notify(int protocol, Bytes spi, NotifyType type, Bytes data) ->
                out.u8(protocol).u8(spi.size()).u16(type.code()).bytes(spi).bytes(data);
            case Payload.Delete(int protocol, List<Bytes> spis) -> {
                out.u8(protocol).u8(protocol == Proposal.Protocol.IKE ? 0 : 4).u16(spis.size());
                spis.forEach(out::bytes);
            }
            case Payload.Certificate(int encoding, Bytes data) ->
                out.u8(encoding).bytes(data);
            case Payload.CertificateRequest(int encoding, Bytes authorities) ->
                out.u8(encoding).bytes(authorities);
            case Payload.Eap(Bytes packet) -> out.bytes(packet);
            case Payload.Configuration(int kind, List<Attribute> attributes) -> {
                out.u8(kind).zeros(3);
                attributes.forEach(a -> out.u16(a.type()).u16(a.value().size()).bytes(a.value()));
            }
            case Payload.VendorId(Bytes data) -> out.bytes(data);
            case Payload.Ts ts -> ts(ts, out);
            case Payload.Skipped _ -> {}
        }
    }

    private static void sa(Payload.Sa sa, Writer out) {
        for (int i = 0; i < sa.proposals().size(); i++) {
            Proposal proposal = sa.proposals().get(i);
            out.u8(i < sa.proposals().size() - 1 ? 2 : 0).u8(0).lengthU16(4, w -> proposal(proposal, w));
        }
    }

    private static void proposal(Proposal proposal, Writer out) {
        List<Transform> transforms = proposal.transforms();
        out.u8(proposal.number())
                .u8(proposal.protocol())
                .u8(proposal.spi().size())
                .u8(transforms.size())
                .bytes(proposal.spi());
        for (int i = 0; i < transforms.size(); i++) {
            Transform transform = transforms.get(i);
            out.u8(i < transforms.size() - 1 ? 3 : 0).u8(0).lengthU16(4, w -> {
                w.u8(transform.type()).u8(0).u16(transform.id());
                // RFC 7296 section 3.3.5: Key Length is attribute 14 in the fixed format, hence 0x800e.
                transform.keyLengthBits().ifPresent(bits -> w.u16(0x800e).u16(bits));
            });
        }
    }

    private static void ts(Payload.Ts ts, Writer out) {
        out.u8(ts.selectors().size()).zeros(3);
        for (Selector selector : ts.selectors()) {
            out.u8(selector.addresses().first().isIpv4() ? 7 : 8)
                    .u8(selector.protocol())
                    .lengthU16(
                            4,
                            w -> w.u16(selector.firstPort())
                                    .u16(selector.lastPort())
                                    .bytes(selector.addresses().first().toBytes())
                                    .bytes(selector.addresses().last().toBytes()));
        }
    }
}
