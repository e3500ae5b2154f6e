package io.sallyport.ike;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;

/**
 * An identity as the ID payload carries it (RFC 7296 section 3.5).
 *
 * @param type 1 IPv4 address, 2 FQDN, 3 RFC 822 address, 5 IPv6 address, 9 DER DN, 11 key id
 * @param data the identification data
 */
public record Identity(int type, Bytes data) {
    public static Identity of(Address address) {
        return new Identity(address.isIpv4() ? 1 : 5, address.toBytes());
    }

    public static Identity fqdn(String name) {
        return new Identity(2, Bytes.utf8(name));
    }

    /** Safe to print: control characters are replaced. */
    @Override
    public String toString() {
        return switch (type) {
            case 1, 5 ->
                data.size() == 4 || data.size() == 16
                        ? Address.of(data).toString()
                        : "malformed address identity " + data.hex();
            case 2, 3 -> data.printable();
            default -> "id type " + type + " " + data;
        };
    }
}
