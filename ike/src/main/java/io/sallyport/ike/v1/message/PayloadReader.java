package io.sallyport.ike.v1.message;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import java.util.ArrayList;
import java.util.List;

/** Reads payload chains (RFC 2408 section 3.2), bounded in every dimension. */
public final class PayloadReader {
    /**
     * What a chain held.
     *
     * @param afterFirst the octets of every payload but the first one, as they came: HASH(1) and its like run over them
     */
    public record Chain(List<Payload> payloads, Bytes afterFirst) {
        public Chain {
            payloads = List.copyOf(payloads);
        }
    }

    private PayloadReader() {}

    /** Reads an unencrypted chain, which must fill {@code octets}. */
    public static Chain plain(PayloadType first, Bytes octets) throws Malformed {
        Reader in = Reader.over(octets);
        Chain chain = chain(first, octets, in);
        in.finish("message");
        return chain;
    }

    /** Reads a decrypted chain; whatever follows it is padding (RFC 2409 section 5, appendix B). */
    public static Chain padded(PayloadType first, Bytes octets) throws Malformed {
        return chain(first, octets, Reader.over(octets));
    }

    private static Chain chain(PayloadType first, Bytes octets, Reader in) throws Malformed {
        List<Payload> payloads = new ArrayList<>();
        PayloadType type = first;
        int second = 0;
        while (!type.equals(PayloadType.NONE)) {
            if (payloads.size() == MessageLimits.PAYLOADS_MAX) {
                throw new Malformed("payloads", "more than " + MessageLimits.PAYLOADS_MAX);
            }
            int next = in.u8("next payload");
            // RFC 2408 section 3.2: "RESERVED (1 octet) - Unused, set to 0". What is decrypted with a wrong key shows
            // here.
            if (in.u8("reserved") != 0) {
                throw new Malformed("reserved", "is not zero");
            }
            int length = in.u16("payload length");
            if (length < 4) {
                throw new Malformed("payload length", length + " is less than its header");
            }
            payloads.add(payload(type, in.sub(length - 4, type.toString())));
            if (payloads.size() == 1) {
                second = in.position();
            }
            type = new PayloadType(next);
        }
        return new Chain(payloads, octets.slice(second, in.position()));
    }

    private static Payload payload(PayloadType type, Reader in) throws Malformed {
        return switch (type.code()) {
            case 1 -> sa(in);
            case 4 -> new Payload.Ke(rest(in, 1, MessageLimits.KE_OCTETS_MAX, "KE"));
            case 5 -> id(in);
            case 6 -> new Payload.Cert(in.u8("encoding"), rest(in, 0, MessageLimits.CERT_OCTETS_MAX, "CERT"));
            case 7 -> new Payload.CertRequest(in.u8("encoding"), rest(in, 0, MessageLimits.IDENTITY_OCTETS_MAX, "CR"));
            case 8 -> new Payload.Hash(rest(in, 1, MessageLimits.HASH_OCTETS_MAX, "HASH"));
            case 9 -> new Payload.Signature(rest(in, 1, MessageLimits.SIGNATURE_OCTETS_MAX, "SIG"));
            case 10 ->
                new Payload.Nonce(rest(in, MessageLimits.NONCE_OCTETS_MIN, MessageLimits.NONCE_OCTETS_MAX, "NONCE"));
            case 11 -> notification(in);
            case 12 -> delete(in);
            case 13 -> new Payload.VendorId(in.rest());
            case 14 -> attributesPayload(in);
            case 20 -> new Payload.NatD(false, rest(in, 1, MessageLimits.HASH_OCTETS_MAX, "NAT-D"));
            case 130 -> new Payload.NatD(true, rest(in, 1, MessageLimits.HASH_OCTETS_MAX, "NAT-D"));
            case 21 -> new Payload.Skipped(type);
            default -> {
                // RFC 2408 section 5.3: a payload of an unknown type makes the message invalid, those for private use
                // not.
                if (type.code() < PayloadType.PRIVATE_FROM || type.equals(PayloadType.FRAGMENT)) {
                    throw new Malformed(type.toString(), "out of place");
                }
                yield new Payload.Skipped(type);
            }
        };
    }

    private static Bytes rest(Reader in, int least, int most, String field) throws Malformed {
        if (in.remaining() < least || in.remaining() > most) {
            throw new Malformed(field, in.remaining() + " octets, allowed are " + least + " to " + most);
        }
        return in.rest();
    }

    private static Payload.Sa sa(Reader in) throws Malformed {
        Bytes body = in.rest();
        Reader sa = Reader.over(body);
        if (sa.u32("DOI") != PayloadWriter.IPSEC_DOI) {
            throw new Malformed("DOI", "is not IPsec's");
        }
        if (sa.u32("situation") != PayloadWriter.IDENTITY_ONLY) {
            throw new Malformed("situation", "is not SIT_IDENTITY_ONLY");
        }
        List<Proposal> proposals = new ArrayList<>();
        boolean more = true;
        while (more) {
            if (proposals.size() == MessageLimits.PROPOSALS_MAX) {
                throw new Malformed("proposals", "more than " + MessageLimits.PROPOSALS_MAX);
            }
            more = more(sa, PayloadWriter.PROPOSAL, "proposal");
            sa.u8("reserved");
            int length = sa.u16("proposal length");
            proposals.add(proposal(sa.sub(length - 4, "proposal")));
        }
        sa.finish("SA");
        return new Payload.Sa(proposals, body);
    }

    private static Proposal proposal(Reader in) throws Malformed {
        int number = in.u8("proposal number");
        int protocol = in.u8("protocol id");
        int spiOctets = in.u8("SPI size");
        int count = in.u8("number of transforms");
        if (spiOctets > MessageLimits.SPI_OCTETS_MAX) {
            throw new Malformed("SPI size", Integer.toString(spiOctets));
        }
        Bytes spi = in.bytes(spiOctets, "SPI");
        List<Transform> transforms = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean more = more(in, PayloadWriter.TRANSFORM, "transform");
            if (more != (i < count - 1)) {
                throw new Malformed("transform", "the mark of the last one does not fit their number");
            }
            in.u8("reserved");
            int length = in.u16("transform length");
            transforms.add(transform(in.sub(length - 4, "transform")));
        }
        in.finish("proposal");
        return new Proposal(number, protocol, spi, transforms);
    }

    private static boolean more(Reader in, int mark, String field) throws Malformed {
        int found = in.u8(field);
        if (found != 0 && found != mark) {
            throw new Malformed(field, "next payload is neither 0 nor " + mark);
        }
        return found == mark;
    }

    private static Transform transform(Reader in) throws Malformed {
        int number = in.u8("transform number");
        int id = in.u8("transform id");
        in.u16("reserved");
        return new Transform(number, id, attributes(in));
    }

    private static List<Attribute> attributes(Reader in) throws Malformed {
        List<Attribute> attributes = new ArrayList<>();
        while (!in.isEmpty()) {
            if (attributes.size() == MessageLimits.ATTRIBUTES_MAX) {
                throw new Malformed("attributes", "more than " + MessageLimits.ATTRIBUTES_MAX);
            }
            int type = in.u16("attribute type");
            if ((type & 0x8000) != 0) {
                attributes.add(new Attribute(type & 0x7fff, true, in.bytes(2, "attribute value")));
            } else {
                attributes.add(new Attribute(type, false, in.bytes(in.u16("attribute length"), "attribute value")));
            }
        }
        return attributes;
    }

    /** Attributes that stand alone, as in the data of RESPONDER-LIFETIME. */
    public static List<Attribute> attributes(Bytes octets) throws Malformed {
        return attributes(Reader.over(octets));
    }

    private static Payload.Id id(Reader in) throws Malformed {
        int idType = in.u8("ID type");
        int protocol = in.u8("protocol id");
        int port = in.u16("port");
        return new Payload.Id(idType, protocol, port, rest(in, 0, MessageLimits.IDENTITY_OCTETS_MAX, "ID"));
    }

    private static Payload.Notify notification(Reader in) throws Malformed {
        in.u32("DOI");
        int protocol = in.u8("protocol id");
        int spiOctets = in.u8("SPI size");
        int type = in.u16("notify message type");
        return new Payload.Notify(protocol, in.bytes(spiOctets, "SPI"), new NotifyType(type), in.rest());
    }

    private static Payload.Delete delete(Reader in) throws Malformed {
        in.u32("DOI");
        int protocol = in.u8("protocol id");
        int spiOctets = in.u8("SPI size");
        int count = in.u16("number of SPIs");
        if (spiOctets == 0 || spiOctets > MessageLimits.SPI_OCTETS_MAX || count > MessageLimits.DELETED_SPIS_MAX) {
            throw new Malformed("delete", count + " SPIs of " + spiOctets + " octets");
        }
        List<Bytes> spis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spis.add(in.bytes(spiOctets, "SPI"));
        }
        in.finish("delete");
        return new Payload.Delete(protocol, spis);
    }

    private static Payload.Attributes attributesPayload(Reader in) throws Malformed {
        int kind = in.u8("attributes type");
        in.u8("reserved");
        int identifier = in.u16("identifier");
        return new Payload.Attributes(kind, identifier, attributes(in));
    }
}
