package io.sallyport.api.web;

/** Who is at the other end. */
public sealed interface Peer {
    /**
     * Somebody over HTTPS.
     *
     * @param address in text, for the log and for the counting of failed logins
     */
    record Network(String address) implements Peer {
        /** Whether it is this machine. */
        public boolean isLoopback() {
            return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
        }
    }

    /** Somebody whom the operating system let open the local socket: an owner. */
    record Local() implements Peer {}
}
