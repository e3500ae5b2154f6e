package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.base.Secret;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v1.message.Payload;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an ISAKMP SA while it is being made, and no longer. Main mode and aggressive mode fill it in different
 * orders (RFC 2409 sections 5 and 5.4 to 5.1).
 */
final class Phase1 {
    /** What it waits for. */
    enum Step {
        /** Initiator: what our key can sign. */
        METHOD,
        /** Initiator: our key pair. */
        OWN_KEY,
        /** Initiator: the second message. */
        FIRST_ANSWER,
        /** Main mode: the peer's public value, in the third or fourth message. */
        KEYS,
        /** The shared secret. */
        SECRET,
        /** Our signature. */
        SIGNATURE,
        /** The peer's proof: the last message that comes. */
        PROOF,
        /** Whether the peer's signature is good. */
        VERDICT
    }

    final boolean aggressive;
    final Bytes nonce;
    Way way;
    Step step;
    List<PeerConfig> candidates;
    /** Of the initiator, as it was on the wire. */
    Payload.@Nullable Sa offered;

    int method;

    @Nullable
    IkeSuite suite;

    @Nullable
    Bytes peerNonce;

    IkeEvent.@Nullable PrivateValue privateValue;

    @Nullable
    Bytes ownPublic;

    @Nullable
    Bytes peerPublic;

    @Nullable
    Secret shared;

    Payload.@Nullable Id ownId;
    Payload.@Nullable Id peerId;
    boolean feign;
    /** Aggressive mode, responder: what we chose, kept until our key is made. */
    Payload.@Nullable Sa answer;
    /** Aggressive mode, initiator: the second message, kept until its proof can be checked. */
    List<Payload> answered = List.of();

    Optional<String> subject = Optional.empty();
    boolean initialContact;
    /** An unprotected message said so; nothing is done about it while a better one may come. */
    Optional<IkeFact.Failure> hint = Optional.empty();

    boolean toldUndecryptable;
    Monotonic giveUpAt = Monotonic.NEVER;

    Phase1(boolean aggressive, Bytes nonce, Way way, Step step, List<PeerConfig> candidates) {
        this.aggressive = aggressive;
        this.nonce = nonce;
        this.way = way;
        this.step = step;
        this.candidates = candidates;
    }

    IkeSuite suite() {
        return Objects.requireNonNull(suite, "nothing is agreed upon yet");
    }

    Bytes nonces(boolean initiator) {
        Bytes theirs = Objects.requireNonNull(peerNonce);
        return initiator ? Bytes.concat(nonce, theirs) : Bytes.concat(theirs, nonce);
    }

    Bytes lowestNonce() {
        Bytes theirs = Objects.requireNonNull(peerNonce);
        return nonce.compareTo(theirs) < 0 ? nonce : theirs;
    }

    Keys.Publics publics(boolean initiator) {
        Bytes ours = Objects.requireNonNull(ownPublic);
        Bytes theirs = Objects.requireNonNull(peerPublic);
        return initiator ? new Keys.Publics(ours, theirs) : new Keys.Publics(theirs, ours);
    }

    /** For people. */
    String mode() {
        return aggressive ? "aggressive mode" : "main mode";
    }
}
