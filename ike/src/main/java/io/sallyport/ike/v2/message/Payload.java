package io.sallyport.ike.v2.message;

import io.sallyport.base.Bytes;
import java.util.List;

/**
 * What a message carries, RFC 7296 section 3.2 onwards. A payload that must be protected is no {@link Open}, and an
 * {@link UnprotectedMessage} holds nothing else: it has no representation there.
 */
public sealed interface Payload {
    PayloadType type();

    /** May travel without protection. */
    sealed interface Open extends Payload {}

    /** Security Association, section 3.3. */
    record Sa(List<Proposal> proposals) implements Open {
        public Sa {
            proposals = List.copyOf(proposals);
        }

        @Override
        public PayloadType type() {
            return PayloadType.SA;
        }
    }

    /** Key Exchange, section 3.4. */
    record Ke(int group, Bytes data) implements Open {
        @Override
        public PayloadType type() {
            return PayloadType.KE;
        }
    }

    /** Nonce, section 3.9. */
    record Nonce(Bytes data) implements Open {
        @Override
        public PayloadType type() {
            return PayloadType.NONCE;
        }
    }

    /** Notify, section 3.10. */
    record Notify(int protocol, Bytes spi, NotifyType notifyType, Bytes data) implements Open {
        public static Notify of(NotifyType type) {
            return new Notify(Proposal.Protocol.NONE, Bytes.EMPTY, type, Bytes.EMPTY);
        }

        public static Notify of(NotifyType type, Bytes data) {
            return new Notify(Proposal.Protocol.NONE, Bytes.EMPTY, type, data);
        }

        @Override
        public PayloadType type() {
            return PayloadType.NOTIFY;
        }
    }

    /**
     * Certificate Request, section 3.7. A responder's travels in the clear.
     *
     * @param authorities with encoding 4, SHA-1 of each authority's SubjectPublicKeyInfo, one after the other
     */
    record CertificateRequest(int encoding, Bytes authorities) implements Open {
        @Override
        public PayloadType type() {
            return PayloadType.CERTREQ;
        }
    }

    /** Vendor ID, section 3.12. */
    record VendorId(Bytes data) implements Open {
        @Override
        public PayloadType type() {
            return PayloadType.VENDOR_ID;
        }
    }

    /** A payload whose content nobody here reads; {@code critical} only when its type is unknown. */
    record Skipped(PayloadType type, boolean critical) implements Open {}

    /** Identification, section 3.5; IDi when {@code ofInitiator}. */
    record Id(boolean ofInitiator, int idType, Bytes data) implements Payload {
        @Override
        public PayloadType type() {
            return ofInitiator ? PayloadType.ID_I : PayloadType.ID_R;
        }

        /** What prf(SK_p, ...) runs over: the payload without its generic header (section 2.15). */
        public Bytes restOfPayload() {
            return Bytes.concat(Bytes.ofInts(idType, 0, 0, 0), data);
        }
    }

    /** Certificate, section 3.6. */
    record Certificate(int encoding, Bytes data) implements Payload {
        /** X.509 Certificate - Signature: DER. */
        public static final int X509 = 4;

        /** Certificate Revocation List: DER. */
        public static final int CRL = 7;

        /** An OCSPResponse (RFC 4806 section 3.1). */
        public static final int OCSP = 14;

        @Override
        public PayloadType type() {
            return PayloadType.CERT;
        }
    }

    /** Authentication, section 3.8. */
    record Auth(int method, Bytes data) implements Payload {
        /** Shared Key Message Integrity Code; every other method is a signature. */
        public static final int SHARED_KEY = 2;

        @Override
        public PayloadType type() {
            return PayloadType.AUTH;
        }
    }

    /** Delete, section 3.11; SPIs are empty when it deletes the IKE SA. */
    record Delete(int protocol, List<Bytes> spis) implements Payload {
        public Delete {
            spis = List.copyOf(spis);
        }

        @Override
        public PayloadType type() {
            return PayloadType.DELETE;
        }
    }

    /** Extensible Authentication, section 3.16: a whole EAP packet (RFC 3748 section 4). */
    record Eap(Bytes packet) implements Payload {
        public static final int REQUEST = 1;
        public static final int RESPONSE = 2;
        public static final int SUCCESS = 3;
        public static final int FAILURE = 4;

        public int code() {
            return packet.at(0);
        }

        /** By its number in IANA's registry of EAP types, for people. */
        public String method() {
            int type = packet.size() > 4 ? packet.at(4) : 0;
            return switch (type) {
                case 0 -> "EAP";
                case 1 -> "EAP identity";
                case 4 -> "EAP-MD5";
                case 13 -> "EAP-TLS";
                case 21 -> "EAP-TTLS";
                case 25 -> "PEAP";
                case 26 -> "EAP-MSCHAPv2";
                default -> "EAP type " + type;
            };
        }

        @Override
        public PayloadType type() {
            return PayloadType.EAP;
        }
    }

    /** Configuration, section 3.15. */
    record Configuration(int kind, List<Attribute> attributes) implements Payload {
        public static final int REQUEST = 1;
        public static final int REPLY = 2;
        public static final int SET = 3;
        public static final int ACK = 4;

        public Configuration {
            attributes = List.copyOf(attributes);
        }

        @Override
        public PayloadType type() {
            return PayloadType.CP;
        }
    }

    /**
     * Traffic Selector, section 3.13; TSi when {@code ofInitiator}. Selectors of unknown types are not among them; they
     * can never be chosen.
     */
    record Ts(boolean ofInitiator, List<Selector> selectors) implements Payload {
        public Ts {
            selectors = List.copyOf(selectors);
        }

        @Override
        public PayloadType type() {
            return ofInitiator ? PayloadType.TS_I : PayloadType.TS_R;
        }
    }
}
