package io.sallyport.wire;

/**
 * Where UDP datagrams come from and go to.
 *
 * @param port 0..65535; 0 where the protocol has none
 */
public record Endpoint(Address address, int port) implements Comparable<Endpoint> {
    public Endpoint {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " is not in 0..65535");
        }
    }

    public static Endpoint of(String address, int port) {
        return new Endpoint(Address.parse(address), port);
    }

    public Endpoint withPort(int other) {
        return new Endpoint(address, other);
    }

    @Override
    public int compareTo(Endpoint other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
    }
}
