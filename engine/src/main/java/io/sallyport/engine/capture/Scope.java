package io.sallyport.engine.capture;

import io.sallyport.wire.Address;
import java.util.Optional;

/**
 * Whose packets: those of a gateway, or of one of its connections.
 *
 * @param local the gateway's public address
 * @param connection as the packet path names it
 * @param remote the address of the connection's peer
 */
public record Scope(Address local, Optional<String> connection, Optional<Address> remote) {
    public static Scope ofGateway(Address local) {
        return new Scope(local, Optional.empty(), Optional.empty());
    }

    public static Scope ofConnection(Address local, String connection, Address remote) {
        return new Scope(local, Optional.of(connection), Optional.of(remote));
    }

    boolean holdsInner(Address at, String peer) {
        return local.equals(at) && (connection.isEmpty() || connection.get().equals(peer));
    }

    boolean holdsOuter(Address at, Address from) {
        return local.equals(at) && (remote.isEmpty() || remote.get().equals(from));
    }
}
