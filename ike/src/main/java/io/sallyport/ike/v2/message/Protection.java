package io.sallyport.ike.v2.message;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Malformed;
import io.sallyport.crypto.MessageCipher;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens the messages of one IKE SA: the Encrypted payload of RFC 7296 section 3.14, and that of RFC 7383
 * section 2.5 when both ends fragment.
 */
public final class Protection {
    private static final int GENERIC_HEADER_OCTETS = 4;
    private static final int FRAGMENT_HEADER_OCTETS = 8;

    private final MessageCipher outbound;
    private final MessageCipher inbound;
    private final boolean fragments;
    private @Nullable Reassembly reassembly;

    /** @param fragments both ends said IKEV2_FRAGMENTATION_SUPPORTED */
    public Protection(MessageCipher outbound, MessageCipher inbound, boolean fragments) {
        this.outbound = outbound;
        this.inbound = inbound;
        this.fragments = fragments;
    }

    /** The datagrams that carry {@code payloads}: one, or several where that keeps each within the least MTU. */
    public List<Bytes> seal(Header header, List<Payload> payloads, Entropy entropy) {
        Bytes plain = PayloadWriter.chain(payloads);
        PayloadType first = PayloadWriter.firstType(payloads);
        int whole = Header.OCTETS + GENERIC_HEADER_OCTETS + outbound.sealedSize(plain.size());
        if (!fragments || whole <= MessageLimits.DATAGRAM_OCTETS_MAX) {
            return List.of(sealWhole(header, first, plain, entropy));
        }
        int room = fragmentRoom();
        int total = (plain.size() + room - 1) / room;
        List<Bytes> datagrams = new ArrayList<>(total);
        for (int number = 1; number <= total; number++) {
            Bytes part = plain.slice((number - 1) * room, Math.min(number * room, plain.size()));
            // RFC 7383 section 2.5: the first fragment names the first inner payload, "all others MUST" be zero.
            PayloadType next = number == 1 ? first : PayloadType.NONE;
            datagrams.add(sealFragment(header, next, number, total, part, entropy));
        }
        return List.copyOf(datagrams);
    }

    /**
     * Opens one datagram.
     *
     * @throws Malformed when it is not authentic; nothing about it may be believed then
     */
    public Opened open(Bytes message) throws Malformed {
        Reader in = Reader.over(message);
        Header header = Header.read(in);
        if (header.length() != message.size()) {
            throw new Malformed("length", header.length() + ", the datagram has " + message.size());
        }
        PayloadType next = new PayloadType(in.u8("next payload"));
        in.u8("payload flags");
        int length = in.u16("payload length");
        if (length != message.size() - Header.OCTETS) {
            throw new Malformed("encrypted payload", "it is not the only one");
        }
        if (header.next().equals(PayloadType.SK)) {
            Bytes associated = message.slice(0, Header.OCTETS + GENERIC_HEADER_OCTETS);
            return parse(header, next, inbound.open(associated, in.rest()));
        }
        if (!header.next().equals(PayloadType.SKF)) {
            throw new Malformed("next payload", header.next() + " where the encrypted payload must be");
        }
        int number = in.u16("fragment number");
        int total = in.u16("total fragments");
        if (number == 0 || total > MessageLimits.FRAGMENTS_MAX || number > total) {
            throw new Malformed("fragment number", number + " of " + total);
        }
        Bytes associated = message.slice(0, Header.OCTETS + FRAGMENT_HEADER_OCTETS);
        return gather(header, next, number, total, inbound.open(associated, in.rest()));
    }

    /**
     * Whether this is an authentic message, or the first fragment of one. RFC 7383 section 2.6.1: a repeated request in
     * fragments is answered once, when its first fragment comes. Leaves fragments that are gathered alone.
     */
    public boolean isAuthenticStart(Bytes message) {
        int associated = Header.OCTETS + GENERIC_HEADER_OCTETS;
        try {
            Header header = Header.read(Reader.over(message));
            if (header.next().equals(PayloadType.SKF)) {
                associated = Header.OCTETS + FRAGMENT_HEADER_OCTETS;
                if (message.size() < associated || message.at(32) != 0 || message.at(33) != 1) {
                    return false;
                }
            }
            if (message.size() < associated || header.length() != message.size()) {
                return false;
            }
            inbound.open(message.slice(0, associated), message.slice(associated, message.size()));
            return true;
        } catch (Malformed e) {
            return false;
        }
    }

    /** Forgets an unfinished message: its time is over. */
    public void forgetFragments() {
        reassembly = null;
    }

    public boolean awaitsFragments() {
        return reassembly != null;
    }

    private Opened gather(Header header, PayloadType next, int number, int total, Bytes plain) throws Malformed {
        Reassembly current = reassembly;
        if (current == null || !current.fits(header.messageId(), total)) {
            if (current != null && current.isNewerThan(header.messageId(), total)) {
                return new Opened.Part();
            }
            current = new Reassembly(header.messageId(), total);
            reassembly = current;
        }
        Optional<Bytes> whole;
        try {
            whole = current.add(number, next, plain);
        } catch (Malformed e) {
            reassembly = null;
            throw e;
        }
        if (whole.isEmpty()) {
            return new Opened.Part();
        }
        reassembly = null;
        return parse(header, current.first(), whole.get());
    }

    private static Opened parse(Header header, PayloadType first, Bytes plain) {
        try {
            return new Opened.Whole(new ProtectedMessage(header, PayloadReader.chain(first, Reader.over(plain))));
        } catch (Malformed e) {
            return new Opened.Garbled(header, e);
        }
    }

    private Bytes sealWhole(Header header, PayloadType first, Bytes plain, Entropy entropy) {
        int body = GENERIC_HEADER_OCTETS + outbound.sealedSize(plain.size());
        Writer out = new Writer();
        header.write(out, PayloadType.SK, (long) Header.OCTETS + body);
        Bytes associated = out.u8(first.code()).u8(0).u16(body).toBytes();
        return Bytes.concat(associated, outbound.seal(associated, plain, entropy));
    }

    private Bytes sealFragment(Header header, PayloadType next, int number, int total, Bytes plain, Entropy entropy) {
        int body = FRAGMENT_HEADER_OCTETS + outbound.sealedSize(plain.size());
        Writer out = new Writer();
        header.write(out, PayloadType.SKF, (long) Header.OCTETS + body);
        Bytes associated =
                out.u8(next.code()).u8(0).u16(body).u16(number).u16(total).toBytes();
        return Bytes.concat(associated, outbound.seal(associated, plain, entropy));
    }

    private int fragmentRoom() {
        int room = MessageLimits.DATAGRAM_OCTETS_MAX - Header.OCTETS - FRAGMENT_HEADER_OCTETS;
        while (Header.OCTETS + FRAGMENT_HEADER_OCTETS + outbound.sealedSize(room) > MessageLimits.DATAGRAM_OCTETS_MAX) {
            room--;
        }
        return room;
    }
}
