package io.sallyport.ike;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Address;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * An identity as the ID payload carries it (RFC 7296 section 3.5).
 *
 * @param type 1 IPv4 address, 2 FQDN, 3 RFC 822 address, 5 IPv6 address, 9 DER DN, 11 key id
 * @param data the identification data
 */
public record Identity(int type, Bytes data) {
    private static final int FQDN = 2;
    private static final int MAIL = 3;
    private static final int DISTINGUISHED_NAME = 9;

    public static Identity of(Address address) {
        return new Identity(address.isIpv4() ? 1 : 5, address.toBytes());
    }

    public static Identity fqdn(String name) {
        return new Identity(FQDN, Bytes.utf8(name));
    }

    /** A distinguished name, from the DER of its X.501 Name. */
    public static Identity distinguishedName(byte[] der) {
        return new Identity(DISTINGUISHED_NAME, Bytes.wrap(der));
    }

    /** Whether both name the same: distinguished names may be written in more than one way (RFC 5280 section 7.1). */
    public boolean matches(Identity other) {
        if (type == DISTINGUISHED_NAME && other.type == DISTINGUISHED_NAME) {
            Optional<X500Principal> ours = name();
            return ours.isPresent() && ours.equals(other.name()) || equals(other);
        }
        // RFC 7296 section 3.5 leaves the case of names open; DNS and mail domains have none.
        if (type == other.type && (type == FQDN || type == MAIL)) {
            return data.printable().equalsIgnoreCase(other.data.printable());
        }
        return equals(other);
    }

    private Optional<X500Principal> name() {
        try {
            return Optional.of(new X500Principal(data.toArray()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
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
