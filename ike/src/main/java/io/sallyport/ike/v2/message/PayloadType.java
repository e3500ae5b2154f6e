package io.sallyport.ike.v2.message;

/** IANA's "IKEv2 Payload Types". */
public record PayloadType(int code) {
    public static final PayloadType NONE = new PayloadType(0);
    public static final PayloadType SA = new PayloadType(33);
    public static final PayloadType KE = new PayloadType(34);
    public static final PayloadType ID_I = new PayloadType(35);
    public static final PayloadType ID_R = new PayloadType(36);
    public static final PayloadType CERT = new PayloadType(37);
    public static final PayloadType CERTREQ = new PayloadType(38);
    public static final PayloadType AUTH = new PayloadType(39);
    public static final PayloadType NONCE = new PayloadType(40);
    public static final PayloadType NOTIFY = new PayloadType(41);
    public static final PayloadType DELETE = new PayloadType(42);
    public static final PayloadType VENDOR_ID = new PayloadType(43);
    public static final PayloadType TS_I = new PayloadType(44);
    public static final PayloadType TS_R = new PayloadType(45);
    public static final PayloadType SK = new PayloadType(46);
    public static final PayloadType CP = new PayloadType(47);
    public static final PayloadType EAP = new PayloadType(48);
    public static final PayloadType SKF = new PayloadType(53);

    /** Whether RFC 7296 or 7383 defines it; the critical bit of these is ignored (RFC 7296 section 3.2). */
    public boolean isKnown() {
        return code >= SA.code && code <= EAP.code || code == SKF.code;
    }

    @Override
    public String toString() {
        return switch (code) {
            case 0 -> "none";
            case 33 -> "SA";
            case 34 -> "KE";
            case 35 -> "IDi";
            case 36 -> "IDr";
            case 37 -> "CERT";
            case 38 -> "CERTREQ";
            case 39 -> "AUTH";
            case 40 -> "Nonce";
            case 41 -> "N";
            case 42 -> "D";
            case 43 -> "V";
            case 44 -> "TSi";
            case 45 -> "TSr";
            case 46 -> "SK";
            case 47 -> "CP";
            case 48 -> "EAP";
            case 53 -> "SKF";
            default -> "payload type " + code;
        };
    }
}
