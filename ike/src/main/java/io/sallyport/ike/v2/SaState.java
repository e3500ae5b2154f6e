package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Monotonic;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.ike.v2.message.UnprotectedMessage;
import java.util.List;
import java.util.Optional;

/** Where an IKE SA stands; each state holds what is known by then and not needed later. */
sealed interface SaState {
    /** Initiator: a key pair is being made. */
    record AwaitKeyPair(Attempt attempt) implements SaState {}

    /** Initiator: IKE_SA_INIT is on its way. */
    record AwaitInitResponse(Attempt attempt, IkeEvent.Answer.KeyPairMade keyPair, Bytes request) implements SaState {}

    /** Initiator: the responder's public value is being worked on. */
    record AwaitSharedSecret(Attempt attempt, Bytes request, Bytes response, UnprotectedMessage message, IkeSuite suite)
            implements SaState {}

    /** Initiator: the proofs, from the first IKE_AUTH request to the last response. */
    record AwaitAuthResponse(AuthInitiator auth) implements SaState {}

    /** Responder: the answer to IKE_SA_INIT is being computed. */
    record AwaitResponderKeys(Heard heard, Monotonic giveUpAt) implements SaState {}

    /** Responder: the answer to IKE_SA_INIT will name the authorities that we trust. */
    record AwaitAuthorities(
            Heard heard, IkeEvent.Answer.Agreed agreed, List<String> trusts, List<Bytes> known, Monotonic giveUpAt)
            implements SaState {}

    /** Responder: IKE_SA_INIT is answered; the proofs, until the last. */
    record AwaitAuthRequest(AuthResponder auth) implements SaState {}

    /** Both have proven themselves. */
    record Established() implements SaState {}

    /** A successor has taken the children over; who began that deletes this one. */
    record Replaced(Monotonic giveUpAt) implements SaState {}

    /** We are deleting it. */
    record Closing() implements SaState {}

    /** Over; only repeats its last answer. */
    record Gone(Monotonic until) implements SaState {}

    /** Forgotten. */
    record Dead() implements SaState {}

    /** An initiator's attempt at IKE_SA_INIT, over all its restarts. */
    record Attempt(
            Bytes nonce,
            KeyExchangeMethod group,
            List<KeyExchangeMethod> tried,
            Optional<Bytes> cookie,
            int restarts) {}

    /** What a responder keeps of an IKE_SA_INIT request that it answers. */
    record Heard(
            Bytes request,
            UnprotectedMessage message,
            Bytes nonce,
            List<PeerConfig> candidates,
            IkeSuite suite,
            Proposal answer,
            boolean feign) {}

    /**
     * What both ends sign in IKE_AUTH.
     *
     * @param abilities of the peer
     */
    record Transcript(Bytes request, Bytes response, IkeKeys.Nonces nonces, Abilities abilities) {
        Transcript restated(Bytes later) {
            return new Transcript(later, response, nonces, abilities);
        }
    }
}
