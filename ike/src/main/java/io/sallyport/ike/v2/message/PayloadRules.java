package io.sallyport.ike.v2.message;

import io.sallyport.base.Malformed;
import java.util.List;
import java.util.Optional;

/**
 * Which payloads a message may carry, how many of each (RFC 7296 sections 1.2, 1.3, 1.4, 2.16 and appendix C). Payloads of
 * unknown types may come with any of them.
 */
@SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
public enum PayloadRules {
    IKE_SA_INIT(false, row(PayloadType.SA, 1, 1), row(PayloadType.KE, 1, 1), row(PayloadType.NONCE, 1, 1)),
    IKE_SA_INIT_REFUSAL(false),
    /** Without AUTH it asks for EAP (section 2.16). */
    IKE_AUTH_REQUEST(
            true,
            row(PayloadType.ID_I, 1, 1),
            row(PayloadType.CERT, 0, 16),
            row(PayloadType.CERTREQ, 0, 32),
            row(PayloadType.ID_R, 0, 1),
            row(PayloadType.AUTH, 0, 1),
            row(PayloadType.CP, 0, 1),
            row(PayloadType.SA, 1, 1),
            row(PayloadType.TS_I, 1, 1),
            row(PayloadType.TS_R, 1, 1)),
    /** Any of the responder's; which are missing depends on how far the proofs are. */
    IKE_AUTH_RESPONSE(
            true,
            row(PayloadType.ID_R, 0, 1),
            row(PayloadType.CERT, 0, 16),
            row(PayloadType.AUTH, 0, 1),
            row(PayloadType.EAP, 0, 1),
            row(PayloadType.CP, 0, 1),
            row(PayloadType.SA, 0, 1),
            row(PayloadType.TS_I, 0, 1),
            row(PayloadType.TS_R, 0, 1)),
    /** A client's answer to the EAP request before. */
    IKE_AUTH_EAP(true, row(PayloadType.EAP, 1, 1)),
    /** The proof that an EAP method's key made (section 2.16). */
    IKE_AUTH_KEY(true, row(PayloadType.AUTH, 1, 1)),
    /** The next of several proofs (RFC 4739 section 2.1); without AUTH it asks for EAP. */
    IKE_AUTH_ANOTHER(true, row(PayloadType.ID_I, 1, 1), row(PayloadType.CERT, 0, 16), row(PayloadType.AUTH, 0, 1)),
    /** Nothing more to prove, but the responder has. */
    IKE_AUTH_EMPTY(true),
    CREATE_CHILD(
            true,
            row(PayloadType.SA, 1, 1),
            row(PayloadType.NONCE, 1, 1),
            row(PayloadType.KE, 0, 1),
            row(PayloadType.TS_I, 1, 1),
            row(PayloadType.TS_R, 1, 1)),
    REKEY_IKE(true, row(PayloadType.SA, 1, 1), row(PayloadType.NONCE, 1, 1), row(PayloadType.KE, 1, 1)),
    INFORMATIONAL(true, row(PayloadType.DELETE, 0, 16), row(PayloadType.CP, 0, 1));

    private record Row(PayloadType type, int min, int max) {}

    private static final int NOTIFIES_MAX = 32;
    private static final int VENDOR_IDS_MAX = 32;

    private final boolean isProtected;
    private final List<Row> rows;

    PayloadRules(boolean isProtected, Row... rows) {
        this.isProtected = isProtected;
        this.rows = List.of(rows);
    }

    private static Row row(PayloadType type, int min, int max) {
        return new Row(type, min, max);
    }

    public boolean isProtected() {
        return isProtected;
    }

    /** How many of {@code type} there may be at most. */
    public int max(PayloadType type) {
        if (type.equals(PayloadType.NOTIFY)) {
            return NOTIFIES_MAX;
        }
        if (type.equals(PayloadType.VENDOR_ID)) {
            return VENDOR_IDS_MAX;
        }
        if (!type.isKnown() || !isProtected && type.equals(PayloadType.CERTREQ)) {
            return MessageLimits.PAYLOADS_MAX;
        }
        return rows.stream()
                .filter(r -> r.type.equals(type))
                .mapToInt(Row::max)
                .findFirst()
                .orElse(0);
    }

    /** How many of {@code type} there must be at least. */
    public int min(PayloadType type) {
        return rows.stream()
                .filter(r -> r.type.equals(type))
                .mapToInt(Row::min)
                .findFirst()
                .orElse(0);
    }

    /** @throws Malformed naming the payload that is missing, too many or out of place */
    public void check(List<? extends Payload> payloads) throws Malformed {
        for (Row row : rows) {
            if (count(payloads, row.type) < row.min) {
                throw new Malformed(row.type + " payload", "missing in " + this);
            }
        }
        for (Payload payload : payloads) {
            int found = count(payloads, payload.type());
            if (found > max(payload.type())) {
                throw new Malformed(payload.type() + " payload", found + " in " + this);
            }
        }
    }

    /**
     * The payload that forbids to go on: RFC 7296 section 2.5, a critical one of an unknown type makes the whole message be
     * rejected.
     */
    public static Optional<PayloadType> unsupportedCritical(List<? extends Payload> payloads) {
        return Payloads.all(payloads, Payload.Skipped.class).stream()
                .filter(Payload.Skipped::critical)
                .map(Payload.Skipped::type)
                .findFirst();
    }

    private static int count(List<? extends Payload> payloads, PayloadType type) {
        return (int) payloads.stream().filter(p -> p.type().equals(type)).count();
    }
}
