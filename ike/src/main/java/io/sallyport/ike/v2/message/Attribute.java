package io.sallyport.ike.v2.message;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;

/**
 * A configuration attribute, RFC 7296 section 3.15.1.
 *
 * @param value empty: asks for one; else of a length that fits the type
 */
public record Attribute(int type, Bytes value) {
    public static final int INTERNAL_IP4_ADDRESS = 1;
    public static final int INTERNAL_IP4_NETMASK = 2;
    public static final int INTERNAL_IP4_DNS = 3;
    public static final int INTERNAL_IP4_NBNS = 4;
    public static final int INTERNAL_IP4_DHCP = 6;
    public static final int APPLICATION_VERSION = 7;
    public static final int INTERNAL_IP6_ADDRESS = 8;
    public static final int INTERNAL_IP6_DNS = 10;
    public static final int INTERNAL_IP6_DHCP = 12;
    public static final int INTERNAL_IP4_SUBNET = 13;
    public static final int SUPPORTED_ATTRIBUTES = 14;
    public static final int INTERNAL_IP6_SUBNET = 15;

    /** RFC 8598 section 4.1: a domain name as text. */
    public static final int INTERNAL_DNS_DOMAIN = 25;

    /** RFC 8598 section 4.2. */
    public static final int INTERNAL_DNSSEC_TA = 26;

    /** @throws Malformed when the length does not fit the type */
    void check() throws Malformed {
        int size = value.size();
        boolean fits = size == 0
                || switch (type) {
                    case INTERNAL_IP4_ADDRESS,
                            INTERNAL_IP4_NETMASK,
                            INTERNAL_IP4_DNS,
                            INTERNAL_IP4_NBNS,
                            INTERNAL_IP4_DHCP -> size == 4;
                    // Windows sends an address without its prefix length.
                    case INTERNAL_IP6_ADDRESS -> size == 17 || size == 16;
                    case INTERNAL_IP6_DNS, INTERNAL_IP6_DHCP -> size == 16;
                    case INTERNAL_IP4_SUBNET -> size == 8;
                    case INTERNAL_IP6_SUBNET -> size == 17;
                    case SUPPORTED_ATTRIBUTES -> size % 2 == 0;
                    // RFC 1035 section 2.3.4: a name has at most 255 octets.
                    case INTERNAL_DNS_DOMAIN -> size <= 255;
                    default -> true;
                };
        if (!fits) {
            throw new Malformed("configuration attribute " + type, size + " octets");
        }
    }
}
