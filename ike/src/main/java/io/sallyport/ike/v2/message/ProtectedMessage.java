package io.sallyport.ike.v2.message;

import java.util.List;

/**
 * A message whose Encrypted payload (RFC 7296 section 3.14) proved whole. Only {@link Protection} makes one from
 * the network.
 */
public record ProtectedMessage(Header header, List<Payload> payloads) {
    public ProtectedMessage {
        payloads = List.copyOf(payloads);
    }
}
