package io.sallyport.ike.v2.message;

/** IANA's "IKEv2 Exchange Types". */
public record ExchangeType(int code) {
    public static final ExchangeType IKE_SA_INIT = new ExchangeType(34);
    public static final ExchangeType IKE_AUTH = new ExchangeType(35);
    public static final ExchangeType CREATE_CHILD_SA = new ExchangeType(36);
    public static final ExchangeType INFORMATIONAL = new ExchangeType(37);

    @Override
    public String toString() {
        return switch (code) {
            case 34 -> "IKE_SA_INIT";
            case 35 -> "IKE_AUTH";
            case 36 -> "CREATE_CHILD_SA";
            case 37 -> "INFORMATIONAL";
            default -> "exchange type " + code;
        };
    }
}
