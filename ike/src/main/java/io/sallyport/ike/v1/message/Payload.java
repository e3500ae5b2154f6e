package io.sallyport.ike.v1.message;

import io.sallyport.base.Bytes;
import io.sallyport.ike.Identity;
import io.sallyport.wire.Writer;
import java.util.List;

/** What a message carries, RFC 2408 section 3.2 onwards. */
public sealed interface Payload {
    PayloadType type();

    /**
     * Security Association, section 3.4.
     *
     * @param body the payload without its generic header, as it was or will be on the wire: HASH_I and HASH_R run over it
     */
    record Sa(List<Proposal> proposals, Bytes body) implements Payload {
        public Sa {
            proposals = List.copyOf(proposals);
        }

        public static Sa of(List<Proposal> proposals) {
            Writer out = new Writer();
            PayloadWriter.sa(proposals, out);
            return new Sa(proposals, out.toBytes());
        }

        @Override
        public PayloadType type() {
            return PayloadType.SA;
        }
    }

    /** Key Exchange, section 3.7. */
    record Ke(Bytes data) implements Payload {
        @Override
        public PayloadType type() {
            return PayloadType.KE;
        }
    }

    /** Identification, section 3.8 and RFC 2407 section 4.6.2. */
    record Id(int idType, int protocol, int port, Bytes data) implements Payload {
        public static Id of(Identity identity) {
            return new Id(identity.type(), 0, 0, identity.data());
        }

        public Identity identity() {
            return new Identity(idType, data);
        }

        /** What HASH_I and HASH_R run over: the payload without its generic header. */
        public Bytes body() {
            return Bytes.concat(Bytes.ofInts(idType, protocol, port >>> 8, port & 0xff), data);
        }

        @Override
        public PayloadType type() {
            return PayloadType.ID;
        }
    }

    /** Certificate, section 3.9. */
    record Cert(int encoding, Bytes data) implements Payload {
        /** X.509 certificate - signature. */
        public static final int X509_SIGNATURE = 4;

        public static final int CRL = 7;

        @Override
        public PayloadType type() {
            return PayloadType.CERT;
        }
    }

    /** Certificate Request, section 3.10; an authority's name, or empty for any. */
    record CertRequest(int encoding, Bytes authority) implements Payload {
        @Override
        public PayloadType type() {
            return PayloadType.CERT_REQUEST;
        }
    }

    /** Hash, section 3.11. */
    record Hash(Bytes data) implements Payload {
        @Override
        public PayloadType type() {
            return PayloadType.HASH;
        }
    }

    /** Signature, section 3.12. */
    record Signature(Bytes data) implements Payload {
        @Override
        public PayloadType type() {
            return PayloadType.SIGNATURE;
        }
    }

    /** Nonce, section 3.13. */
    record Nonce(Bytes data) implements Payload {
        @Override
        public PayloadType type() {
            return PayloadType.NONCE;
        }
    }

    /** Notification, section 3.14. */
    record Notify(int protocol, Bytes spi, NotifyType notifyType, Bytes data) implements Payload {
        @Override
        public PayloadType type() {
            return PayloadType.NOTIFY;
        }
    }

    /** Delete, section 3.15. */
    record Delete(int protocol, List<Bytes> spis) implements Payload {
        public Delete {
            spis = List.copyOf(spis);
        }

        @Override
        public PayloadType type() {
            return PayloadType.DELETE;
        }
    }

    /** Vendor ID, section 3.16. */
    record VendorId(Bytes data) implements Payload {
        @Override
        public PayloadType type() {
            return PayloadType.VENDOR_ID;
        }
    }

    /**
     * Attributes of ModeCfg and XAuth (draft-dukes-ike-mode-cfg-02 section 3.2).
     *
     * @param kind see {@link Kind}
     */
    record Attributes(int kind, int identifier, List<Attribute> attributes) implements Payload {
        public Attributes {
            attributes = List.copyOf(attributes);
        }

        @Override
        public PayloadType type() {
            return PayloadType.ATTRIBUTES;
        }

        /** What is done with them. */
        public static final class Kind {
            public static final int REQUEST = 1;
            public static final int REPLY = 2;
            public static final int SET = 3;
            public static final int ACK = 4;

            private Kind() {}
        }
    }

    /**
     * NAT discovery, RFC 3947 section 3.2.
     *
     * @param draft by the number of the drafts before the RFC
     */
    record NatD(boolean draft, Bytes hash) implements Payload {
        @Override
        public PayloadType type() {
            return draft ? PayloadType.NAT_D_DRAFT : PayloadType.NAT_D;
        }
    }

    /** A payload whose content nobody here needs. */
    record Skipped(PayloadType type) implements Payload {}
}
