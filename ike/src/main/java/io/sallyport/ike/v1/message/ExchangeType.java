package io.sallyport.ike.v1.message;

/** RFC 2408 section 3.1 and RFC 2409 appendix A, "Exchange Type". */
public record ExchangeType(int code) {
    public static final ExchangeType MAIN = new ExchangeType(2);
    public static final ExchangeType AGGRESSIVE = new ExchangeType(4);
    public static final ExchangeType INFORMATIONAL = new ExchangeType(5);
    /** ModeCfg and XAuth. */
    public static final ExchangeType TRANSACTION = new ExchangeType(6);

    public static final ExchangeType QUICK = new ExchangeType(32);

    @Override
    public String toString() {
        return switch (code) {
            case 2 -> "main mode";
            case 4 -> "aggressive mode";
            case 5 -> "informational";
            case 6 -> "transaction";
            case 32 -> "quick mode";
            case 33 -> "new group mode";
            default -> "exchange type " + code;
        };
    }
}
