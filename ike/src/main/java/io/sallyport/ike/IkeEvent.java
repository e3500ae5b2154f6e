package io.sallyport.ike;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.wire.Endpoint;
import java.util.List;
import java.util.Optional;

/** What may happen to the IKE endpoint. */
public sealed interface IkeEvent {
    /**
     * A datagram that carries IKE. The non-ESP marker is already removed; {@code local.port()} tells which socket it
     * came to, 500 or 4500 (or what stands for them).
     */
    record Datagram(Endpoint local, Endpoint remote, Bytes message) implements IkeEvent {}

    /** Time has passed: something that was asked for by {@link IkeAction.Wake} may be due. */
    record Deadline() implements IkeEvent {}

    /** The configuration as a whole; peers that are gone or changed are closed, unchanged ones stay untouched. */
    record Configure(List<PeerConfig> peers) implements IkeEvent {}

    /** Start now. Ignored when the peer is up or being brought up. */
    record Connect(String peer) implements IkeEvent {}

    /** Close the peer's IKE SA and all of its children, politely. */
    record Disconnect(String peer) implements IkeEvent {}

    /** Rekey the IKE SA now. */
    record RekeyIke(String peer) implements IkeEvent {}

    /** Rekey this child now: a soft limit was met, or a person asked. */
    record RekeyChild(long childId) implements IkeEvent {}

    /** A hard limit of this child was met: it carries nothing any more and must go. */
    record ExpireChild(long childId) implements IkeEvent {}

    /** The first authenticated packet arrived on this child: the peer uses it, so may we. */
    record FirstInbound(long childId) implements IkeEvent {}

    /** Authenticated ESP arrived from another address than the child's (RFC 7296 section 2.23, last paragraphs). */
    record PeerMoved(long childId, Endpoint remote) implements IkeEvent {}

    /**
     * When authenticated packets last came in on any child of this peer. Proof of life, so that liveness checks need
     * not be sent. Told every second or so, only when it changed.
     */
    record Alive(String peer) implements IkeEvent {}

    /**
     * Authenticated ESP arrived with an SPI nobody knows, or unauthenticated noise did. Told at a bounded rate.
     */
    record UnknownSpi(Endpoint local, Endpoint remote, int spi) implements IkeEvent {}

    /** The result of {@link IkeAction.Ask}: key exchange done, or refused with the reason. */
    record Answered(long ask, Answer answer) implements IkeEvent {}

    /** Answers to questions. */
    sealed interface Answer {
        /** A key pair was made. {@code handle} names the private part, which stays with the asked. */
        record KeyPairMade(Bytes publicValue, PrivateValue privateValue) implements Answer {}

        /** Both steps: our public value, and the secret shared with the peer's. */
        record Agreed(Optional<Bytes> publicValue, Secret sharedSecret) implements Answer {}

        /** The peer's public value is not acceptable (RFC 6989), or the group is not available. */
        record Failed(String reason) implements Answer {}
    }

    /** A private Diffie-Hellman value, opaque to the machine. */
    interface PrivateValue {}
}
