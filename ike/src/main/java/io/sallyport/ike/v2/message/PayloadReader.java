package io.sallyport.ike.v2.message;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Address;
import io.sallyport.wire.AddressRange;
import io.sallyport.wire.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads payload chains (RFC 7296 section 3.2), bounded in every dimension. */
final class PayloadReader {
    private static final int CRITICAL = 0x80;
    private static final int ATTRIBUTE_FORMAT_TV = 0x8000;
    private static final int ATTRIBUTE_KEY_LENGTH = 14;
    private static final int TS_IPV4_ADDR_RANGE = 7;
    private static final int TS_IPV6_ADDR_RANGE = 8;

    private PayloadReader() {}

    /** Reads everything in {@code in}; the first payload is of type {@code first}. */
    static List<Payload> chain(PayloadType first, Reader in) throws Malformed {
        List<Payload> payloads = new ArrayList<>();
        PayloadType type = first;
        while (!type.equals(PayloadType.NONE)) {
            if (payloads.size() == MessageLimits.PAYLOADS_MAX) {
                throw new Malformed("payloads", "more than " + MessageLimits.PAYLOADS_MAX);
            }
            int next = in.u8("next payload");
            boolean critical = (in.u8("payload flags") & CRITICAL) != 0;
            int length = in.u16("payload length");
            if (length < 4) {
                throw new Malformed("payload length", length + " is less than its header");
            }
            payloads.add(payload(type, critical, in.sub(length - 4, type.toString())));
            type = new PayloadType(next);
        }
        in.finish("message");
        return List.copyOf(payloads);
    }

    private static Payload payload(PayloadType type, boolean critical, Reader in) throws Malformed {
        return switch (type.code()) {
            case 33 -> sa(in);
            case 34 -> ke(in);
            case 35 -> id(true, in);
            case 36 -> id(false, in);
            case 37 -> certificate(in);
            case 38 -> certificateRequest(in);
            case 39 -> auth(in);
            case 40 -> nonce(in);
            case 41 -> notification(in);
            case 42 -> delete(in);
            case 43 -> new Payload.VendorId(in.rest());
            case 44 -> ts(true, in);
            case 45 -> ts(false, in);
            case 47 -> configuration(in);
            case 48 -> eap(in);
            // The encrypted payloads are read by their own reader; inside a chain they are out of place.
            case 46, 53 -> throw new Malformed(type.toString(), "out of place");
            default -> new Payload.Skipped(type, critical && !type.isKnown());
        };
    }

    private static Payload.Sa sa(Reader in) throws Malformed {
        List<Proposal> proposals = new ArrayList<>();
        boolean more = true;
        while (more) {
            if (proposals.size() == MessageLimits.PROPOSALS_MAX) {
                throw new Malformed("proposals", "more than " + MessageLimits.PROPOSALS_MAX);
            }
            more = more(in, 2, "proposal");
            in.u8("reserved");
            int length = in.u16("proposal length");
            proposals.add(proposal(in.sub(length - 4, "proposal")));
        }
        in.finish("SA");
        return new Payload.Sa(proposals);
    }

    private static Proposal proposal(Reader in) throws Malformed {
        int number = in.u8("proposal number");
        int protocol = in.u8("protocol id");
        int spiOctets = in.u8("SPI size");
        int count = in.u8("number of transforms");
        Bytes spi = in.bytes(spiOctets, "SPI");
        List<Transform> transforms = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean more = more(in, 3, "transform");
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
            throw new Malformed(field, "last substructure is neither 0 nor " + mark);
        }
        return found == mark;
    }

    private static Transform transform(Reader in) throws Malformed {
        int type = in.u8("transform type");
        in.u8("reserved");
        int id = in.u16("transform id");
        Optional<Integer> keyLength = Optional.empty();
        boolean foreign = false;
        while (!in.isEmpty()) {
            int attribute = in.u16("attribute type");
            int valueOrLength = in.u16("attribute value");
            if (attribute == (ATTRIBUTE_FORMAT_TV | ATTRIBUTE_KEY_LENGTH)) {
                foreign |= keyLength.isPresent();
                keyLength = Optional.of(valueOrLength);
            } else {
                // RFC 7296 section 3.3.6: a transform with an attribute not understood is not acceptable; the others of
                // its proposal may be.
                foreign = true;
                if ((attribute & ATTRIBUTE_FORMAT_TV) == 0) {
                    in.bytes(valueOrLength, "attribute");
                }
            }
        }
        return new Transform(type, id, keyLength, foreign);
    }

    private static Payload.Ke ke(Reader in) throws Malformed {
        int group = in.u16("key exchange method");
        in.u16("reserved");
        return new Payload.Ke(group, in.rest());
    }

    private static Payload.Id id(boolean ofInitiator, Reader in) throws Malformed {
        int idType = in.u8("ID type");
        in.bytes(3, "reserved");
        if (in.remaining() > MessageLimits.IDENTITY_OCTETS_MAX) {
            throw new Malformed("identification data", in.remaining() + " octets");
        }
        return new Payload.Id(ofInitiator, idType, in.rest());
    }

    private static Payload.Certificate certificate(Reader in) throws Malformed {
        int encoding = in.u8("certificate encoding");
        if (in.remaining() > MessageLimits.CERTIFICATE_OCTETS_MAX) {
            throw new Malformed("certificate data", in.remaining() + " octets");
        }
        return new Payload.Certificate(encoding, in.rest());
    }

    private static Payload.CertificateRequest certificateRequest(Reader in) throws Malformed {
        int encoding = in.u8("certificate encoding");
        if (in.remaining() > MessageLimits.AUTHORITIES_OCTETS_MAX) {
            throw new Malformed("certification authority", in.remaining() + " octets");
        }
        return new Payload.CertificateRequest(encoding, in.rest());
    }

    private static Payload.Auth auth(Reader in) throws Malformed {
        int method = in.u8("auth method");
        in.bytes(3, "reserved");
        if (in.remaining() > MessageLimits.AUTH_OCTETS_MAX) {
            throw new Malformed("authentication data", in.remaining() + " octets");
        }
        return new Payload.Auth(method, in.rest());
    }

    private static Payload.Nonce nonce(Reader in) throws Malformed {
        int size = in.remaining();
        if (size < MessageLimits.NONCE_OCTETS_MIN || size > MessageLimits.NONCE_OCTETS_MAX) {
            throw new Malformed("nonce", size + " octets");
        }
        return new Payload.Nonce(in.rest());
    }

    private static Payload.Notify notification(Reader in) throws Malformed {
        int protocol = in.u8("protocol id");
        int spiOctets = in.u8("SPI size");
        int type = in.u16("notify message type");
        Bytes spi = in.bytes(spiOctets, "SPI");
        return new Payload.Notify(protocol, spi, new NotifyType(type), in.rest());
    }

    private static Payload.Delete delete(Reader in) throws Malformed {
        int protocol = in.u8("protocol id");
        int spiOctets = in.u8("SPI size");
        int count = in.u16("number of SPIs");
        // RFC 7296 section 3.11: the SPI size "MUST be zero for IKE" and "four for AH and ESP".
        int expected = protocol == Proposal.Protocol.IKE ? 0 : 4;
        if (spiOctets != expected || protocol == Proposal.Protocol.IKE && count != 0) {
            throw new Malformed("delete", count + " SPIs of " + spiOctets + " octets for protocol " + protocol);
        }
        if (count > MessageLimits.DELETED_SPIS_MAX) {
            throw new Malformed("delete", count + " SPIs");
        }
        List<Bytes> spis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spis.add(in.bytes(4, "SPI"));
        }
        in.finish("delete");
        return new Payload.Delete(protocol, spis);
    }

    private static Payload.Configuration configuration(Reader in) throws Malformed {
        int kind = in.u8("CFG type");
        in.bytes(3, "reserved");
        if (kind < Payload.Configuration.REQUEST || kind > Payload.Configuration.ACK) {
            throw new Malformed("CFG type", Integer.toString(kind));
        }
        List<Attribute> attributes = new ArrayList<>();
        while (!in.isEmpty()) {
            if (attributes.size() == MessageLimits.ATTRIBUTES_MAX) {
                throw new Malformed("configuration attributes", "more than " + MessageLimits.ATTRIBUTES_MAX);
            }
            // RFC 7296 section 3.15.1: the first bit is reserved and "MUST be ignored on receipt".
            int type = in.u16("attribute type") & 0x7fff;
            int length = in.u16("attribute length");
            Attribute attribute = new Attribute(type, in.bytes(length, "attribute value"));
            attribute.check();
            attributes.add(attribute);
        }
        return new Payload.Configuration(kind, attributes);
    }

    private static Payload.Eap eap(Reader in) throws Malformed {
        int size = in.remaining();
        Bytes packet = in.rest();
        if (size < 4 || size > MessageLimits.EAP_OCTETS_MAX) {
            throw new Malformed("EAP packet", size + " octets");
        }
        int length = packet.at(2) << 8 | packet.at(3);
        int code = packet.at(0);
        if (length != size || code < Payload.Eap.REQUEST || code > Payload.Eap.FAILURE) {
            throw new Malformed("EAP packet", "code " + code + ", length " + length + " in " + size + " octets");
        }
        // RFC 3748 sections 4.1 and 4.2: a request or response has a type, success and failure have nothing.
        if (code <= Payload.Eap.RESPONSE ? size < 5 : size > 4) {
            throw new Malformed("EAP packet", "code " + code + " of " + size + " octets");
        }
        return new Payload.Eap(packet);
    }

    private static Payload.Ts ts(boolean ofInitiator, Reader in) throws Malformed {
        int count = in.u8("number of TSs");
        in.bytes(3, "reserved");
        if (count == 0 || count > MessageLimits.SELECTORS_MAX) {
            throw new Malformed("number of TSs", Integer.toString(count));
        }
        List<Selector> selectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int type = in.u8("TS type");
            int protocol = in.u8("IP protocol id");
            int length = in.u16("selector length");
            Reader body = in.sub(length - 4, "traffic selector");
            int octets = switch (type) {
                case TS_IPV4_ADDR_RANGE -> 4;
                case TS_IPV6_ADDR_RANGE -> 16;
                default -> 0;
            };
            if (octets > 0) {
                selector(protocol, octets, body).ifPresent(selectors::add);
            }
        }
        in.finish("TS");
        return new Payload.Ts(ofInitiator, selectors);
    }

    private static Optional<Selector> selector(int protocol, int octets, Reader in) throws Malformed {
        int firstPort = in.u16("start port");
        int lastPort = in.u16("end port");
        Address first = Address.of(in.bytes(octets, "starting address"));
        Address last = Address.of(in.bytes(octets, "ending address"));
        in.finish("selector length");
        if (first.compareTo(last) > 0) {
            throw new Malformed("traffic selector", "it ends before it starts");
        }
        // Ports that end before they start mean OPAQUE (section 3.13.1), which nothing here can be narrowed to.
        return firstPort > lastPort
                ? Optional.empty()
                : Optional.of(new Selector(new AddressRange(first, last), protocol, firstPort, lastPort));
    }
}
