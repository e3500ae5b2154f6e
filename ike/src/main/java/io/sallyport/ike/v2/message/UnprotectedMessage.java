package io.sallyport.ike.v2.message;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.wire.Reader;
import io.sallyport.wire.Writer;
import java.util.ArrayList;
import java.util.List;

/** A message in the clear: IKE_SA_INIT, and the few notifies that are allowed outside of an IKE SA. */
public record UnprotectedMessage(Header header, List<Payload.Open> payloads) {
    public UnprotectedMessage {
        payloads = List.copyOf(payloads);
    }

    /** Reads a whole datagram. */
    public static UnprotectedMessage read(Bytes message) throws Malformed {
        Reader in = Reader.over(message);
        Header header = Header.read(in);
        if (header.length() != message.size()) {
            throw new Malformed("length", header.length() + ", the datagram has " + message.size());
        }
        List<Payload.Open> open = new ArrayList<>();
        for (Payload payload : PayloadReader.chain(header.next(), in)) {
            if (!(payload instanceof Payload.Open allowed)) {
                throw new Malformed(payload.type() + " payload", "must be protected");
            }
            open.add(allowed);
        }
        return new UnprotectedMessage(header, open);
    }

    public Bytes write() {
        Bytes chain = PayloadWriter.chain(payloads);
        Writer out = new Writer();
        header.write(out, PayloadWriter.firstType(payloads), (long) Header.OCTETS + chain.size());
        return out.bytes(chain).toBytes();
    }
}
