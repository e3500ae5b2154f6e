package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.base.Secret;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.PeerConfig;
import io.sallyport.ike.v1.message.NotifyType;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.Payloads;
import io.sallyport.ike.v1.message.Proposal;
import io.sallyport.wire.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The proofs of phase 1 and what leads to them, the same in main mode and in aggressive mode (RFC 2409 section 5). */
final class Proving {
    private Proving() {}

    // Keys.

    static List<Payload> keyPayloads(Phase1 p, Bytes publicValue, Turn turn) {
        p.ownPublic = publicValue;
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.Ke(publicValue));
        payloads.add(new Payload.Nonce(p.nonce));
        if (p.way instanceof Way.Signature(String _, String trust)) {
            payloads.addAll(turn.sas().authorities().requests(trust));
            turn.sas().authorities().ask(trust, turn);
        }
        return payloads;
    }

    static List<Payload> natPayloads(IkeSa sa, Phase1 p, Turn turn) {
        return sa.vendor().nat() == Vendor.Nat.NONE
                ? List.of()
                : NatDetection.payloads(
                        sa.vendor().draftNat(),
                        p.suite().prf(),
                        sa.spis(),
                        sa.local(),
                        sa.remote(),
                        p.feign,
                        turn.entropy());
    }

    static void detectNat(IkeSa sa, Phase1 p, List<Payload> payloads) {
        sa.nat(NatDetection.of(payloads, p.suite().prf(), sa.spis(), sa.local(), sa.remote(), p.feign));
    }

    /** RFC 3947 section 4: the initiator changes to port 4500 as soon as it knows of a NAT. */
    static void floatPorts(IkeSa sa) {
        if (sa.nat().udp() && sa.remote().port() != Limits.NAT_PORT) {
            sa.move(sa.local().withPort(Limits.NAT_PORT), sa.remote().withPort(Limits.NAT_PORT));
        }
    }

    static void takeKeys(Phase1 p, List<Payload> payloads) throws Malformed {
        KeyExchangeMethod group = p.suite().keyExchange();
        Bytes value = Payloads.one(payloads, Payload.Ke.class).data();
        // RFC 2409 section 5: the length of a MODP value is that of the prime; RFC 5903 section 7 fixes that of a
        // point.
        if (value.size() != group.publicOctets()) {
            throw new Malformed("KE payload", value.size() + " octets for " + group);
        }
        Bytes nonce = Payloads.one(payloads, Payload.Nonce.class).data();
        if (nonce.equals(p.nonce)) {
            throw new Malformed("NONCE", "is our own");
        }
        p.peerPublic = value;
        p.peerNonce = nonce;
    }

    static Keys keys(IkeSa sa, Phase1 p, Way way) {
        Secret shared = Objects.requireNonNull(p.shared);
        Secret skeyid = switch (way) {
            case Way.SharedKey(Secret key) -> Keys.ofSharedKey(p.suite().prf(), key, p.nonces(sa.isInitiator()));
            case Way.Signature _ -> Keys.ofSignatures(p.suite().prf(), p.nonces(sa.isInitiator()), shared);
        };
        return Keys.of(p.suite(), skeyid, sa.spis(), shared, p.publics(sa.isInitiator()));
    }

    // Proofs.

    /** HASH_I of an initiator, HASH_R of a responder: what we send, or sign. */
    static Bytes ownHash(IkeSa sa, Phase1 p) {
        Payload.Id id = Payload.Id.of(sa.peer().localIdentity());
        p.ownId = id;
        Spis spis = sa.spis();
        return sa.keys()
                .proof(
                        Way.Method.hash(p.method),
                        Objects.requireNonNull(p.ownPublic),
                        Objects.requireNonNull(p.peerPublic),
                        sa.isInitiator() ? spis.initiator() : spis.responder(),
                        sa.isInitiator() ? spis.responder() : spis.initiator(),
                        Objects.requireNonNull(p.offered).body(),
                        id.body());
    }

    static Bytes peerHash(IkeSa sa, Phase1 p, Keys keys, Payload.Id id) {
        Spis spis = sa.spis();
        return keys.proof(
                Way.Method.hash(p.method),
                Objects.requireNonNull(p.peerPublic),
                Objects.requireNonNull(p.ownPublic),
                sa.isInitiator() ? spis.responder() : spis.initiator(),
                sa.isInitiator() ? spis.initiator() : spis.responder(),
                Objects.requireNonNull(p.offered).body(),
                id.body());
    }

    /** What our proof consists of, besides the identity: a hash, or certificates and a signature. */
    static List<Payload> proof(Bytes hash) {
        return List.of(new Payload.Hash(hash));
    }

    static List<Payload> proof(IkeEvent.Answer.Signed signed) {
        List<Payload> payloads = new ArrayList<>();
        signed.certificates().forEach(c -> payloads.add(new Payload.Cert(Payload.Cert.X509_SIGNATURE, c)));
        payloads.add(new Payload.Signature(signed.proof()));
        return payloads;
    }

    static void askToSign(IkeSa sa, Phase1 p, Way.Signature way, Turn turn) {
        p.step = Phase1.Step.SIGNATURE;
        turn.ask(
                sa,
                new IkeAction.Question.Sign(way.credential(), new IkeAction.SignatureScheme.Ikev1(), ownHash(sa, p)));
    }

    /** What RFC 2409 wants of a signature: of the kind that both agreed upon. */
    static boolean isSigned(IkeSa sa, Phase1 p, IkeEvent.Answer.Signed signed, Turn turn) {
        if (p.way instanceof Way.Signature(String credential, String _)) {
            turn.sas().credentials().learn(credential, signed.method(), turn);
            if (signed.method() != signatureMethod(p)) {
                fail(
                        sa,
                        new IkeFact.Failure.CredentialMissing(
                                credential, "its key is of another kind than " + Way.Method.name(p.method)),
                        turn);
                return false;
            }
        }
        return true;
    }

    private static int signatureMethod(Phase1 p) {
        return p.method == Way.Method.XAUTH_INIT_RSA || p.method == Way.Method.XAUTH_RESP_RSA
                ? Way.Method.RSA
                : p.method;
    }

    static void askToVerify(IkeSa sa, Phase1 p, List<Payload> payloads, Payload.Id id, Turn turn) throws Malformed {
        Bytes proof = Payloads.one(payloads, Payload.Signature.class).data();
        List<Bytes> certificates = new ArrayList<>();
        List<Bytes> crls = new ArrayList<>();
        for (Payload.Cert cert : Payloads.all(payloads, Payload.Cert.class)) {
            if (cert.encoding() == Payload.Cert.X509_SIGNATURE) {
                certificates.add(cert.data());
            } else if (cert.encoding() == Payload.Cert.CRL) {
                crls.add(cert.data());
            }
        }
        if (p.way instanceof Way.Signature(String _, String trust)) {
            p.peerId = id;
            p.step = Phase1.Step.VERDICT;
            turn.ask(
                    sa,
                    new IkeAction.Question.Verify(
                            trust,
                            new IkeAction.SignatureScheme.Ikev1(),
                            id.identity(),
                            new IkeAction.CertificateChain(certificates, crls, Optional.empty()),
                            signatureMethod(p),
                            proof,
                            peerHash(sa, p, sa.keys(), id)));
        }
    }

    /** The first peer that is called {@code identity}, before those that may be called anything. */
    static Optional<PeerConfig> named(List<PeerConfig> candidates, Identity identity) {
        Optional<PeerConfig> exact = candidates.stream()
                .filter(c -> c.remoteIdentity().filter(i -> i.matches(identity)).isPresent())
                .findFirst();
        return exact.or(() ->
                candidates.stream().filter(c -> c.remoteIdentity().isEmpty()).findFirst());
    }

    /** RFC 2407 section 4.6.2: in phase 1 protocol and port are both zero, or UDP and 500; NAT traversal adds 4500. */
    static Payload.Id identity(List<Payload> payloads) throws Malformed {
        Payload.Id id = Payloads.one(payloads, Payload.Id.class);
        if (id.protocol() != 0 && id.protocol() != 17
                || id.port() != 0 && id.port() != Limits.IKE_PORT && id.port() != Limits.NAT_PORT) {
            throw new Malformed("ID", "is of protocol " + id.protocol() + " and port " + id.port());
        }
        return id;
    }

    // Failures.

    /** Ends a phase 1 that cannot succeed. Whoever began it is told by the SA's end; of a stranger's attempt a note tells. */
    static void fail(IkeSa sa, IkeFact.Failure why, Turn turn) {
        if (!sa.isInitiator()) {
            turn.refuse(sa.local(), sa.remote(), why);
        }
        sa.end(why, turn);
    }

    /** The same, and the peer is told under the protection of keys that it may have. */
    static void failTelling(IkeSa sa, NotifyType type, IkeFact.Failure why, Endpoint from, Turn turn) {
        Informational.error(sa, Proposal.Protocol.ISAKMP, Bytes.EMPTY, type, turn);
        if (!sa.isInitiator()) {
            turn.refuse(sa.local(), from, why);
        }
        sa.end(why, turn);
    }

    static String failed(IkeEvent.Answer answer) {
        return answer instanceof IkeEvent.Answer.Failed(String reason) ? reason : "the key exchange failed";
    }

    static String how(Phase1 p) {
        return switch (p.way) {
                    case Way.SharedKey _ -> "shared key";
                    case Way.Signature _ -> p.subject.orElse("certificate");
                }
                + (p.aggressive ? " in aggressive mode" : "");
    }
}
