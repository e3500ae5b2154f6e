package io.sallyport.ike.v1.message;

/** RFC 2408 section 3.14.1, RFC 2407 section 4.6.3 and RFC 3706 section 5: errors below 8192 and from 16384 status. */
public record NotifyType(int code) {
    public static final NotifyType DOI_NOT_SUPPORTED = new NotifyType(2);
    public static final NotifyType PAYLOAD_MALFORMED = new NotifyType(16);
    public static final NotifyType NO_PROPOSAL_CHOSEN = new NotifyType(14);
    public static final NotifyType INVALID_ID_INFORMATION = new NotifyType(18);
    public static final NotifyType INVALID_HASH_INFORMATION = new NotifyType(23);
    public static final NotifyType AUTHENTICATION_FAILED = new NotifyType(24);
    public static final NotifyType INVALID_SIGNATURE = new NotifyType(25);
    public static final NotifyType CONNECTED = new NotifyType(16384);
    public static final NotifyType RESPONDER_LIFETIME = new NotifyType(24576);
    public static final NotifyType REPLAY_STATUS = new NotifyType(24577);
    public static final NotifyType INITIAL_CONTACT = new NotifyType(24578);
    public static final NotifyType R_U_THERE = new NotifyType(36136);
    public static final NotifyType R_U_THERE_ACK = new NotifyType(36137);

    private static final int STATUS_FROM = 8192;

    /** RFC 2408 section 3.14.1: 1 to 8191 are errors. */
    public boolean isError() {
        return code > 0 && code < STATUS_FROM;
    }

    @Override
    public String toString() {
        return switch (code) {
            case 1 -> "INVALID-PAYLOAD-TYPE";
            case 2 -> "DOI-NOT-SUPPORTED";
            case 3 -> "SITUATION-NOT-SUPPORTED";
            case 4 -> "INVALID-COOKIE";
            case 5 -> "INVALID-MAJOR-VERSION";
            case 7 -> "INVALID-EXCHANGE-TYPE";
            case 8 -> "INVALID-FLAGS";
            case 9 -> "INVALID-MESSAGE-ID";
            case 10 -> "INVALID-PROTOCOL-ID";
            case 11 -> "INVALID-SPI";
            case 14 -> "NO-PROPOSAL-CHOSEN";
            case 15 -> "BAD-PROPOSAL-SYNTAX";
            case 16 -> "PAYLOAD-MALFORMED";
            case 17 -> "INVALID-KEY-INFORMATION";
            case 18 -> "INVALID-ID-INFORMATION";
            case 20 -> "INVALID-CERTIFICATE";
            case 23 -> "INVALID-HASH-INFORMATION";
            case 24 -> "AUTHENTICATION-FAILED";
            case 25 -> "INVALID-SIGNATURE";
            case 30 -> "UNEQUAL-PAYLOAD-LENGTHS";
            case 16384 -> "CONNECTED";
            case 24576 -> "RESPONDER-LIFETIME";
            case 24577 -> "REPLAY-STATUS";
            case 24578 -> "INITIAL-CONTACT";
            case 36136 -> "R-U-THERE";
            case 36137 -> "R-U-THERE-ACK";
            default -> "notify type " + code;
        };
    }
}
