package io.sallyport.ike.v1.message;

/** IANA's "Next Payload Types" of ISAKMP; 130 to 132 are what was in use before, or beside, the RFCs. */
public record PayloadType(int code) {
    public static final PayloadType NONE = new PayloadType(0);
    public static final PayloadType SA = new PayloadType(1);
    public static final PayloadType KE = new PayloadType(4);
    public static final PayloadType ID = new PayloadType(5);
    public static final PayloadType CERT = new PayloadType(6);
    public static final PayloadType CERT_REQUEST = new PayloadType(7);
    public static final PayloadType HASH = new PayloadType(8);
    public static final PayloadType SIGNATURE = new PayloadType(9);
    public static final PayloadType NONCE = new PayloadType(10);
    public static final PayloadType NOTIFY = new PayloadType(11);
    public static final PayloadType DELETE = new PayloadType(12);
    public static final PayloadType VENDOR_ID = new PayloadType(13);
    public static final PayloadType ATTRIBUTES = new PayloadType(14);
    public static final PayloadType NAT_D = new PayloadType(20);
    public static final PayloadType NAT_OA = new PayloadType(21);
    public static final PayloadType NAT_D_DRAFT = new PayloadType(130);
    public static final PayloadType NAT_OA_DRAFT = new PayloadType(131);
    public static final PayloadType FRAGMENT = new PayloadType(132);

    /** From here on everybody uses numbers as they like. */
    static final int PRIVATE_FROM = 128;

    @Override
    public String toString() {
        return switch (code) {
            case 0 -> "none";
            case 1 -> "SA";
            case 4 -> "KE";
            case 5 -> "ID";
            case 6 -> "CERT";
            case 7 -> "CR";
            case 8 -> "HASH";
            case 9 -> "SIG";
            case 10 -> "NONCE";
            case 11 -> "N";
            case 12 -> "D";
            case 13 -> "VID";
            case 14 -> "ATTR";
            case 20, 130 -> "NAT-D";
            case 21, 131 -> "NAT-OA";
            case 132 -> "fragment";
            default -> "payload type " + code;
        };
    }
}
