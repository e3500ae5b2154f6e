package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;

/** A message of EAP-MSCHAPv2. Lengths are exactly what they must be (CVE-2025-62291). */
sealed interface MsChapMessage {
    int TYPE = 26;

    /** @param name of the server */
    record Challenge(int id, Bytes challenge, Bytes name) implements MsChapMessage {}

    record Response(int id, Bytes peerChallenge, Bytes ntResponse, Bytes name) implements MsChapMessage {}

    /** @param text {@code S=… M=…}; empty in a client's answer */
    record Success(int id, Bytes text) implements MsChapMessage {}

    /** @param text {@code E=… R=… C=… V=… M=…}; empty in a client's answer */
    record Failure(int id, Bytes text) implements MsChapMessage {}

    int NAME_MAX = 256;

    /** Reads what a client sends. */
    static MsChapMessage answer(Bytes data) throws Malformed {
        Reader reader = Reader.over(data);
        int opcode = reader.u8("MSCHAPv2 opcode");
        return switch (opcode) {
            case 2 -> {
                int id = reader.u8("MSCHAPv2 identifier");
                length(reader, data);
                size(reader, 49);
                Bytes challenge = reader.bytes(MsChap.CHALLENGE, "MSCHAPv2 peer challenge");
                reader.bytes(8, "MSCHAPv2 reserved");
                Bytes response = reader.bytes(MsChap.NT_RESPONSE, "MSCHAPv2 response");
                reader.u8("MSCHAPv2 flags");
                yield new Response(id, challenge, response, name(reader));
            }
            case 3, 4 -> {
                reader.finish("MSCHAPv2 success or failure response");
                yield opcode == 3 ? new Success(0, Bytes.EMPTY) : new Failure(0, Bytes.EMPTY);
            }
            default -> throw new Malformed("MSCHAPv2 opcode", "found " + opcode + "; allowed from a client: 2, 3, 4");
        };
    }

    /** Reads what a server sends. */
    static MsChapMessage request(Bytes data) throws Malformed {
        Reader reader = Reader.over(data);
        int opcode = reader.u8("MSCHAPv2 opcode");
        int id = reader.u8("MSCHAPv2 identifier");
        length(reader, data);
        return switch (opcode) {
            case 1 -> {
                size(reader, MsChap.CHALLENGE);
                yield new Challenge(id, reader.bytes(MsChap.CHALLENGE, "MSCHAPv2 challenge"), name(reader));
            }
            case 3 -> new Success(id, reader.rest());
            case 4 -> new Failure(id, reader.rest());
            default -> throw new Malformed("MSCHAPv2 opcode", "found " + opcode + "; allowed from a server: 1, 3, 4");
        };
    }

    default Bytes write() {
        return switch (this) {
            case Challenge c ->
                framed(
                        1,
                        c.id(),
                        new Writer()
                                .u8(c.challenge().size())
                                .bytes(c.challenge())
                                .bytes(c.name()));
            case Response r ->
                framed(
                        2,
                        r.id(),
                        new Writer()
                                .u8(49)
                                .bytes(r.peerChallenge())
                                .zeros(8)
                                .bytes(r.ntResponse())
                                .u8(0)
                                .bytes(r.name()));
            case Success s -> s.text().isEmpty() ? Bytes.ofInts(3) : framed(3, s.id(), new Writer().bytes(s.text()));
            case Failure f -> f.text().isEmpty() ? Bytes.ofInts(4) : framed(4, f.id(), new Writer().bytes(f.text()));
        };
    }

    private static Bytes framed(int opcode, int id, Writer body) {
        return new Writer()
                .u8(opcode)
                .u8(id)
                .u16(4 + body.size())
                .bytes(body.toBytes())
                .toBytes();
    }

    private static void length(Reader reader, Bytes data) throws Malformed {
        int length = reader.u16("MSCHAPv2 length");
        if (length != data.size()) {
            throw new Malformed("MSCHAPv2 length", "found " + length + "; there are " + data.size() + " octets");
        }
    }

    private static void size(Reader reader, int allowed) throws Malformed {
        int size = reader.u8("MSCHAPv2 value size");
        if (size != allowed) {
            throw new Malformed("MSCHAPv2 value size", "found " + size + "; allowed: " + allowed);
        }
    }

    private static Bytes name(Reader reader) throws Malformed {
        if (reader.remaining() > NAME_MAX) {
            throw new Malformed("MSCHAPv2 name", "found " + reader.remaining() + " octets; allowed: up to " + NAME_MAX);
        }
        return reader.rest();
    }
}
