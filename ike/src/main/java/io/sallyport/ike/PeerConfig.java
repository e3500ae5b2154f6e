package io.sallyport.ike;

import io.sallyport.wire.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One configured connection of one gateway instance, as the IKE machine needs it. Immutable; a change is a new one.
 *
 * @param name unique within the endpoint; without {@code #}
 * @param version what is spoken with it, and nothing else
 * @param local our public address
 * @param remote the peer's address; absent: any address may come (we then only respond)
 * @param localIdentity what we call ourselves
 * @param remoteIdentity what the peer must call itself; absent: whoever proves what {@code proofs} asks for
 * @param proofs how both ends prove who they are
 * @param offers what we propose as initiator, best first
 * @param accepts what we take as responder, best first: the first that the peer also offers wins
 * @param children at least one; the first is made by IKE_AUTH, the others by CREATE_CHILD_SA
 * @param mayInitiate false for {@code connectionMode: ResponderOnly}
 * @param mayRespond false for {@code connectionMode: InitiatorOnly}
 * @param lifetime of the IKE SA; rekeyed earlier, with jitter
 * @param dpdTimeout silence after which the peer is dead; liveness is asked for well before; zero: never
 * @param encapsulation how ESP travels
 * @param mobility RFC 4555 and the renewal of proofs
 * @param clients present: one for many
 * @param request present: we want addresses from the peer
 * @param ikev1 used with {@link IkeVersion#IKEV1} only
 */
public record PeerConfig(
        String name,
        IkeVersion version,
        Address local,
        Optional<Address> remote,
        Identity localIdentity,
        Optional<Identity> remoteIdentity,
        Proofs proofs,
        List<IkeSuite> offers,
        List<IkeSuite> accepts,
        List<ChildConfig> children,
        boolean mayInitiate,
        boolean mayRespond,
        Duration lifetime,
        Duration dpdTimeout,
        EncapsulationMode encapsulation,
        Mobility mobility,
        Optional<Clients> clients,
        Optional<AddressRequest> request,
        Ikev1Options ikev1) {
    public PeerConfig {
        offers = List.copyOf(offers);
        accepts = List.copyOf(accepts);
        children = List.copyOf(children);
    }

    /** A peer that is called {@code name}; everything else has its usual value until it is said. */
    public static Builder of(String name, Address local, Proofs proofs) {
        return new Builder(name, local, proofs);
    }

    /** The same, but for what is said. */
    public Builder but() {
        Builder b = new Builder(name, local, proofs);
        b.version = version;
        b.remote = remote;
        b.localIdentity = localIdentity;
        b.remoteIdentity = remoteIdentity;
        b.offers = offers;
        b.accepts = accepts;
        b.children = children;
        b.mayInitiate = mayInitiate;
        b.mayRespond = mayRespond;
        b.lifetime = lifetime;
        b.dpdTimeout = dpdTimeout;
        b.encapsulation = encapsulation;
        b.mobility = mobility;
        b.clients = clients;
        b.request = request;
        b.ikev1 = ikev1;
        return b;
    }

    /** How ESP travels. */
    public enum EncapsulationMode {
        /** UDP when there is a NAT or the peer is a Sallyport (known by its vendor id), else IP protocol 50. */
        AUTO,
        /** Always in UDP 4500: a NAT is feigned (RFC 7296 section 2.23 allows it) so that the peer agrees. */
        UDP,
        /** IP protocol 50 unless there really is a NAT. */
        RAW
    }

    /**
     * How far a peer may move, and for how long it is believed.
     *
     * @param mobike say and take MOBIKE_SUPPORTED (RFC 4555)
     * @param reauthentication after this both prove themselves anew, make before break: as initiator we begin it, as
     *     responder we ask for it by AUTH_LIFETIME (RFC 4478); absent: a rekey is enough
     */
    public record Mobility(boolean mobike, Optional<Duration> reauthentication) {
        public static final Mobility NONE = new Mobility(false, Optional.empty());
    }

    /** Collects what is special about a peer. */
    public static final class Builder {
        private String name;
        private IkeVersion version = IkeVersion.IKEV2;
        private Address local;
        private Optional<Address> remote = Optional.empty();
        private Identity localIdentity;
        private Optional<Identity> remoteIdentity = Optional.empty();
        private Proofs proofs;
        private List<IkeSuite> offers = List.of();
        private List<IkeSuite> accepts = List.of();
        private List<ChildConfig> children = List.of();
        private boolean mayInitiate = true;
        private boolean mayRespond = true;
        private Duration lifetime = Duration.ofHours(8);
        private Duration dpdTimeout = Duration.ofSeconds(45);
        private EncapsulationMode encapsulation = EncapsulationMode.AUTO;
        private Mobility mobility = Mobility.NONE;
        private Optional<Clients> clients = Optional.empty();
        private Optional<AddressRequest> request = Optional.empty();
        private Ikev1Options ikev1 = Ikev1Options.NONE;

        private Builder(String name, Address local, Proofs proofs) {
            this.name = name;
            this.local = local;
            this.localIdentity = Identity.of(local);
            this.proofs = proofs;
        }

        public Builder name(String value) {
            this.name = value;
            return this;
        }

        public Builder version(IkeVersion value) {
            this.version = value;
            return this;
        }

        public Builder local(Address value) {
            this.local = value;
            return this;
        }

        public Builder remote(Optional<Address> value) {
            this.remote = value;
            return this;
        }

        public Builder localIdentity(Identity value) {
            this.localIdentity = value;
            return this;
        }

        public Builder remoteIdentity(Optional<Identity> value) {
            this.remoteIdentity = value;
            return this;
        }

        public Builder proofs(Proofs value) {
            this.proofs = value;
            return this;
        }

        public Builder offers(List<IkeSuite> value) {
            this.offers = value;
            return this;
        }

        public Builder accepts(List<IkeSuite> value) {
            this.accepts = value;
            return this;
        }

        public Builder children(List<ChildConfig> value) {
            this.children = value;
            return this;
        }

        public Builder mayInitiate(boolean value) {
            this.mayInitiate = value;
            return this;
        }

        public Builder mayRespond(boolean value) {
            this.mayRespond = value;
            return this;
        }

        public Builder lifetime(Duration value) {
            this.lifetime = value;
            return this;
        }

        public Builder dpdTimeout(Duration value) {
            this.dpdTimeout = value;
            return this;
        }

        public Builder encapsulation(EncapsulationMode value) {
            this.encapsulation = value;
            return this;
        }

        public Builder mobility(Mobility value) {
            this.mobility = value;
            return this;
        }

        public Builder clients(Clients value) {
            this.clients = Optional.of(value);
            return this;
        }

        public Builder request(AddressRequest value) {
            this.request = Optional.of(value);
            return this;
        }

        public Builder ikev1(Ikev1Options value) {
            this.ikev1 = value;
            return this;
        }

        public PeerConfig build() {
            return new PeerConfig(
                    name,
                    version,
                    local,
                    remote,
                    localIdentity,
                    remoteIdentity,
                    proofs,
                    offers,
                    accepts,
                    children,
                    mayInitiate,
                    mayRespond,
                    lifetime,
                    dpdTimeout,
                    encapsulation,
                    mobility,
                    clients,
                    request,
                    ikev1);
        }
    }
}
