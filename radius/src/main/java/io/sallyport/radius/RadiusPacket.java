package io.sallyport.radius;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A packet (RFC 2865 section 3).
 *
 * @param authenticator 16 octets
 */
record RadiusPacket(int code, int identifier, Bytes authenticator, List<Attribute> attributes) {
    static final int ACCESS_REQUEST = 1;
    static final int ACCESS_ACCEPT = 2;
    static final int ACCESS_REJECT = 3;
    static final int ACCOUNTING_REQUEST = 4;
    static final int ACCOUNTING_RESPONSE = 5;
    static final int ACCESS_CHALLENGE = 11;

    static final int SIZE_MAX = 4_096;
    static final int HEADER = 20;
    private static final int ATTRIBUTE_HEADER = 2;
    private static final int MICROSOFT = 311;

    RadiusPacket {
        attributes = List.copyOf(attributes);
    }

    /** Reads one; octets behind its length are padding (RFC 2865 section 3), and are not read. */
    static RadiusPacket read(Bytes octets) throws Malformed {
        Reader reader = Reader.over(octets);
        int code = reader.u8("RADIUS code");
        int identifier = reader.u8("RADIUS identifier");
        int length = reader.u16("RADIUS length");
        if (length < HEADER || length > SIZE_MAX || length > octets.size()) {
            throw new Malformed(
                    "RADIUS length",
                    "found " + length + " of " + octets.size() + " octets; allowed: " + HEADER + " to " + SIZE_MAX);
        }
        Reader body = reader.sub(length - 4, "RADIUS packet");
        Bytes authenticator = body.bytes(16, "RADIUS authenticator");
        List<Attribute> attributes = new ArrayList<>();
        while (!body.isEmpty()) {
            int type = body.u8("RADIUS attribute type");
            int size = body.u8("RADIUS attribute length");
            // CVE-2026-35333: less than its own header would be read for ever, or from before it.
            if (size < ATTRIBUTE_HEADER) {
                throw new Malformed("RADIUS attribute length", "found " + size + "; allowed: 2 to 255");
            }
            attributes.add(new Attribute(type, body.bytes(size - ATTRIBUTE_HEADER, "RADIUS attribute")));
        }
        return new RadiusPacket(code, identifier, authenticator, attributes);
    }

    Bytes write() {
        Writer body = new Writer();
        for (Attribute each : attributes) {
            body.u8(each.type()).u8(ATTRIBUTE_HEADER + each.value().size()).bytes(each.value());
        }
        return new Writer()
                .u8(code)
                .u8(identifier)
                .u16(HEADER + body.size())
                .bytes(authenticator)
                .bytes(body.toBytes())
                .toBytes();
    }

    RadiusPacket with(Bytes other) {
        return new RadiusPacket(code, identifier, other, attributes);
    }

    Optional<Bytes> first(int type) {
        return attributes.stream()
                .filter(a -> a.type() == type)
                .map(Attribute::value)
                .findFirst();
    }

    List<Bytes> all(int type) {
        return attributes.stream()
                .filter(a -> a.type() == type)
                .map(Attribute::value)
                .toList();
    }

    /** The pieces of EAP-Message put together (RFC 3579 section 3.1); empty when there are none. */
    Bytes eap() {
        return Bytes.concat(all(Attribute.EAP_MESSAGE).toArray(Bytes[]::new));
    }

    Optional<Long> number(int type) {
        return first(type).filter(v -> v.size() == 4).map(RadiusPacket::number);
    }

    static long number(Bytes four) {
        return (long) four.at(0) << 24 | four.at(1) << 16 | four.at(2) << 8 | four.at(3);
    }

    /** Attributes of Microsoft (RFC 2548) of one kind. */
    List<Bytes> microsoft(int kind) {
        List<Bytes> out = new ArrayList<>();
        for (Bytes value : all(Attribute.VENDOR)) {
            if (value.size() >= 4 && number(value.slice(0, 4)) == MICROSOFT) {
                int at = 4;
                while (at + ATTRIBUTE_HEADER <= value.size()
                        && value.at(at + 1) >= ATTRIBUTE_HEADER
                        && at + value.at(at + 1) <= value.size()) {
                    if (value.at(at) == kind) {
                        out.add(value.slice(at + ATTRIBUTE_HEADER, at + value.at(at + 1)));
                    }
                    at += value.at(at + 1);
                }
            }
        }
        return out;
    }
}
