package io.sallyport.engine.identity;

import io.sallyport.base.Bytes;
import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeAction.SignatureScheme;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeFact.CertificateFault;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.pki.CertificateRefused;
import io.sallyport.pki.Credential;
import io.sallyport.pki.Credentials;
import io.sallyport.pki.NoCredential;
import io.sallyport.pki.Signing;
import io.sallyport.pki.Trust;
import io.sallyport.pki.Use;
import io.sallyport.pki.Verification;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs with our keys and judges peers' certificates. */
final class CertificateAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateAnswers.class);

    private final Credentials credentials;
    private final Verification verification;
    /** For what may wait for the network. */
    private final Executor waiting;

    private volatile Trusts trusts = new Trusts(new LinkedHashMap<>(), List.of());

    /** @param authorities of all of them, each once */
    private record Trusts(SequencedMap<String, Configured> byName, List<X509Certificate> authorities) {}

    private record Configured(IdentityPlan.Trust wanted, Trust trust) {}

    CertificateAnswers(Credentials credentials, Verification verification, Executor waiting) {
        this.credentials = credentials;
        this.verification = verification;
        this.waiting = waiting;
    }

    void configure(List<IdentityPlan.Trust> wanted) {
        SequencedMap<String, Configured> next = new LinkedHashMap<>();
        Set<X509Certificate> authorities = new LinkedHashSet<>();
        for (IdentityPlan.Trust each : wanted) {
            // Thousands of connections may have one each, and one of them has changed.
            Configured before = trusts.byName().get(each.name());
            Configured now = before != null && before.wanted().equals(each) ? before : new Configured(each, read(each));
            next.put(each.name(), now);
            authorities.addAll(now.trust().authorities());
        }
        trusts = new Trusts(next, List.copyOf(authorities));
    }

    private static Trust read(IdentityPlan.Trust wanted) {
        return Trust.of(
                wanted.name(),
                wanted.authorities(),
                wanted.subject(),
                wanted.revokedThumbprints(),
                policy(wanted.revocation()),
                left -> LOG.warn("{}", left));
    }

    Credential credential(String name) throws NoCredential {
        return credentials.named(name);
    }

    Optional<Trust> trust(String name) {
        return Optional.ofNullable(trusts.byName().get(name)).map(Configured::trust);
    }

    void sign(Question.Sign question, Once answer) {
        try {
            Credential credential = credentials.named(question.credential());
            Answer.Signed made = signed(credential, question);
            if (question.ocsp() && Verification.namesResponder(credential)) {
                answer.on(waiting, () -> answer.accept(withStatus(credential, made)));
            } else {
                answer.accept(made);
            }
        } catch (NoCredential e) {
            answer.accept(new Answer.Refused(new Failure.CredentialMissing(question.credential(), e.detail())));
        }
    }

    private static Answer.Signed signed(Credential credential, Question.Sign question) throws NoCredential {
        Signing.Signed signed = switch (question.scheme()) {
            case SignatureScheme.Ikev2(List<Integer> hashes) -> Signing.ikev2(credential, hashes, question.octets());
            case SignatureScheme.Ikev1 _ -> Signing.ikev1(credential, question.octets());
        };
        return new Answer.Signed(signed.method(), signed.proof(), credential.sent());
    }

    /** RFC 4806: a peer that cannot reach our issuer's responder hears of it from us. */
    private Answer.Signed withStatus(Credential credential, Answer.Signed signed) {
        return new Answer.Signed(
                signed.method(),
                signed.proof(),
                signed.certificates(),
                verification.statusOfOurs(credential, trusts.authorities()));
    }

    Answer.OfIdentity authorities(Question.Authorities question) {
        return trust(question.trust())
                .<Answer.OfIdentity>map(t -> new Answer.Authorities(t.keyHashes(), t.names()))
                .orElseGet(() -> new Answer.Authorities(List.of(), List.of()));
    }

    void verify(Question.Verify question, Once answer) {
        Optional<Trust> trust = trust(question.trust());
        if (trust.isEmpty()) {
            answer.accept(new Answer.Refused(new Failure.CertificateRefused(
                    question.claimed(), CertificateFault.CHAIN, "nobody is trusted for it")));
            return;
        }
        try {
            Verification.Trusted trusted =
                    verification.chain(trust.get(), question.chain().certificates(), Use.IKE);
            trusted.bind(question.claimed().type(), question.claimed().data());
            String how = switch (question.scheme()) {
                case SignatureScheme.Ikev2(List<Integer> hashes) ->
                    trusted.proveIkev2(hashes, question.method(), question.proof(), question.octets());
                case SignatureScheme.Ikev1 _ -> trusted.proveIkev1(question.proof(), question.octets());
            };
            Answer.Verified good = new Answer.Verified(trusted.subject(), how);
            revocation(trusted, question, good, answer);
        } catch (CertificateRefused e) {
            answer.accept(refused(question.claimed(), e));
        }
    }

    /** Comes last: only somebody with a trusted certificate and its key can make us ask the network. */
    private void revocation(Verification.Trusted trusted, Question.Verify question, Answer.Verified good, Once answer) {
        Runnable check = () -> {
            try {
                verification.revocation(
                        trusted, question.chain().crls(), question.chain().ocsp());
                answer.accept(good);
            } catch (CertificateRefused e) {
                answer.accept(refused(question.claimed(), e));
            }
        };
        if (trusted.trust().revocation() == Trust.Policy.OFF) {
            check.run();
        } else {
            answer.on(waiting, check);
        }
    }

    /**
     * A chain that came inside of TLS, with everything that belongs to it. May wait for the network.
     *
     * @return what it is made out to
     */
    Verification.Trusted chain(String trust, List<Bytes> certificates, Use use) throws CertificateRefused {
        Trust found = trust(trust)
                .orElseThrow(() -> new CertificateRefused(
                        CertificateRefused.Fault.CHAIN, "nobody is trusted under the name " + trust));
        Verification.Trusted trusted = verification.chain(found, certificates, use);
        verification.revocation(trusted, new ArrayList<>(), Optional.empty());
        return trusted;
    }

    private static Answer.Refused refused(Identity claimed, CertificateRefused e) {
        return new Answer.Refused(new Failure.CertificateRefused(claimed, fault(e.fault()), e.detail()));
    }

    private static CertificateFault fault(CertificateRefused.Fault fault) {
        return switch (fault) {
            case MISSING -> CertificateFault.MISSING;
            case CHAIN -> CertificateFault.CHAIN;
            case EXPIRED -> CertificateFault.EXPIRED;
            case NAME -> CertificateFault.NAME;
            case USAGE -> CertificateFault.USAGE;
            case REVOKED -> CertificateFault.REVOKED;
            case REVOCATION_UNKNOWN -> CertificateFault.REVOCATION_UNKNOWN;
            case SIGNATURE -> CertificateFault.SIGNATURE;
            case WEAK -> CertificateFault.WEAK;
        };
    }

    private static Trust.Policy policy(IdentityPlan.Revocation revocation) {
        return switch (revocation) {
            case OFF -> Trust.Policy.OFF;
            case IF_POSSIBLE -> Trust.Policy.IF_POSSIBLE;
            case REQUIRED -> Trust.Policy.REQUIRED;
        };
    }
}
