package io.sallyport.eap;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;

/**
 * An EAP packet (RFC 3748 section 4).
 *
 * @param code 1 request, 2 response, 3 success, 4 failure
 * @param type of the method; 0 for success and failure, which have none
 * @param data what the method says; empty for success and failure
 */
public record EapPacket(int code, int identifier, int type, Bytes data) {
    public static final int REQUEST = 1;
    public static final int RESPONSE = 2;
    public static final int SUCCESS = 3;
    public static final int FAILURE = 4;

    static final int IDENTITY = 1;
    static final int NOTIFICATION = 2;
    static final int NAK = 3;

    private static final int HEADER = 4;

    /** Reads one; the length must be that of the octets, as inside of IKE nothing pads them. */
    public static EapPacket read(Bytes octets) throws Malformed {
        Reader reader = Reader.over(octets);
        int code = reader.u8("EAP code");
        int identifier = reader.u8("EAP identifier");
        int length = reader.u16("EAP length");
        if (length != octets.size()) {
            throw new Malformed("EAP length", "found " + length + "; there are " + octets.size() + " octets");
        }
        return switch (code) {
            case SUCCESS, FAILURE -> {
                reader.finish("EAP success or failure");
                yield new EapPacket(code, identifier, 0, Bytes.EMPTY);
            }
            case REQUEST, RESPONSE -> new EapPacket(code, identifier, reader.u8("EAP type"), reader.rest());
            default -> throw new Malformed("EAP code", "found " + code + "; allowed: 1 to 4");
        };
    }

    public Bytes write() {
        boolean typed = code == REQUEST || code == RESPONSE;
        Writer writer = new Writer().u8(code).u8(identifier).u16(HEADER + (typed ? 1 + data.size() : 0));
        return typed ? writer.u8(type).bytes(data).toBytes() : writer.toBytes();
    }

    static Bytes end(int code, int identifier) {
        return new EapPacket(code, identifier, 0, Bytes.EMPTY).write();
    }
}
