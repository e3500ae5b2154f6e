package io.sallyport.ike;

import io.sallyport.wire.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One configured connection of one gateway instance, as the IKE machine needs it. Immutable; a change is a new one.
 *
 * @param name unique within the endpoint
 * @param local our public address
 * @param remote the peer's address; absent: any address may come (we then only respond)
 * @param localIdentity what we call ourselves
 * @param remoteIdentity what the peer must call itself; absent: whoever proves the key
 * @param offers what we propose as initiator, best first
 * @param accepts what we take as responder, best first: the first that the peer also offers wins
 * @param children at least one; the first is made by IKE_AUTH, the others by CREATE_CHILD_SA
 * @param mayInitiate false for {@code connectionMode: ResponderOnly}
 * @param mayRespond false for {@code connectionMode: InitiatorOnly}
 * @param lifetime of the IKE SA; rekeyed earlier, with jitter
 * @param dpdTimeout silence after which the peer is dead; liveness is asked for well before
 * @param encapsulation how ESP travels
 */
public record PeerConfig(
        String name,
        Address local,
        Optional<Address> remote,
        Identity localIdentity,
        Optional<Identity> remoteIdentity,
        Authentication authentication,
        List<IkeSuite> offers,
        List<IkeSuite> accepts,
        List<ChildConfig> children,
        boolean mayInitiate,
        boolean mayRespond,
        Duration lifetime,
        Duration dpdTimeout,
        EncapsulationMode encapsulation) {
    /** How ESP travels. */
    public enum EncapsulationMode {
        /** UDP when there is a NAT or the peer is a Sallyport (known by its vendor id), else IP protocol 50. */
        AUTO,
        /** Always in UDP 4500: a NAT is feigned (RFC 7296 section 2.23 allows it) so that the peer agrees. */
        UDP,
        /** IP protocol 50 unless there really is a NAT. */
        RAW
    }
}
