package io.sallyport.pki;

import java.util.List;

/** What an end entity's certificate is shown for; extended key usages, if there are any, must allow it. */
public enum Use {
    IKE,
    TLS_CLIENT,
    TLS_SERVER;

    private static final String ANY = "2.5.29.37.0";
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final String IPSEC_END_SYSTEM = "1.3.6.1.5.5.7.3.5";
    private static final String IPSEC_TUNNEL = "1.3.6.1.5.5.7.3.6";
    private static final String IPSEC_USER = "1.3.6.1.5.5.7.3.7";
    private static final String IPSEC_IKE = "1.3.6.1.5.5.7.3.17";

    List<String> usages() {
        return switch (this) {
            // RFC 4945 section 5.1.3.12: IKE demands none, so that whatever fits one of the ends will do.
            case IKE -> List.of(ANY, SERVER, CLIENT, IPSEC_IKE, IPSEC_END_SYSTEM, IPSEC_TUNNEL, IPSEC_USER);
            case TLS_CLIENT -> List.of(ANY, CLIENT);
            case TLS_SERVER -> List.of(ANY, SERVER);
        };
    }
}
