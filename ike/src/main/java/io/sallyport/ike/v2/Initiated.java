package io.sallyport.ike.v2;

import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.v2.message.ProtectedMessage;

/** An exchange that we begin inside of an IKE SA. It waits for the window, is sent, and is over with the response. */
sealed interface Initiated
        permits CreateChild, RekeyIke, DeleteChild, DeleteIke, Liveness, UpdateAddresses, RoutabilityCheck {
    /** Sends the request, or asks for what it needs first. Does nothing when it has become pointless. */
    void start(IkeSa sa, Turn turn);

    /** The answer to what was asked. */
    void onAnswer(IkeSa sa, IkeEvent.Answer.OfKeyExchange answer, Turn turn);

    void onResponse(IkeSa sa, ProtectedMessage response, Turn turn);

    /** The IKE SA ends before it does: gives back what it holds. */
    default void abandon(Turn turn) {}
}
