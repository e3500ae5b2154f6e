package io.sallyport.ike;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.wire.Endpoint;
import java.time.Duration;

/** What the IKE endpoint wants done, in this order, before it is told anything else. */
public sealed interface IkeAction {
    /** Send. The non-ESP marker is to be added when {@code local.port()} is the NAT traversal port. */
    record Send(Endpoint local, Endpoint remote, Bytes message) implements IkeAction {}

    /** Send one octet 0xff: a NAT keepalive (RFC 3948 section 2.3). */
    record SendKeepalive(Endpoint local, Endpoint remote) implements IkeAction {}

    /** The earliest moment at which {@link IkeEvent.Deadline} must come; replaces any earlier wish. */
    record Wake(Monotonic at, String reason) implements IkeAction {}

    /** A question that takes time; the answer comes as {@link IkeEvent.Answered} with the same number. */
    record Ask(long ask, Question question) implements IkeAction {}

    /**
     * Carry packets inward on this child from now on. Outward too at once when {@code outbound}; else only after
     * {@link UseOutbound} (a responder of a rekey waits until the initiator uses the new child, RFC 7296 section 2.8).
     */
    record InstallChild(ChildSa child, boolean outbound) implements IkeAction {}

    /** From now on packets that fit this child leave by it, and by no older child of the same config. */
    record UseOutbound(long childId) implements IkeAction {}

    /**
     * Send nothing on this child any more; take packets for {@code linger} longer, because some are still on their way.
     */
    record RemoveChild(long childId, Duration linger) implements IkeAction {}

    /** The peer's address changed, proven by an authenticated packet. */
    record MoveChild(long childId, Endpoint local, Endpoint remote) implements IkeAction {}

    /** Something worth knowing happened. */
    record Note(IkeFact fact) implements IkeAction {}

    /** Questions. */
    sealed interface Question {
        /** Make a key pair. */
        record MakeKeyPair(KeyExchangeMethod method) implements Question {}

        /** Combine our private value with the peer's public one, after checking the latter (RFC 6989). */
        record Agree(KeyExchangeMethod method, IkeEvent.PrivateValue privateValue, Bytes peerPublic)
                implements Question {}

        /** Both at once: a responder's one step. */
        record MakeAndAgree(KeyExchangeMethod method, Bytes peerPublic) implements Question {}
    }
}
