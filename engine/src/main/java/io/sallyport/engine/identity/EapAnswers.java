package io.sallyport.engine.identity;

import io.sallyport.base.Bytes;
import io.sallyport.base.Entropy;
import io.sallyport.base.Secret;
import io.sallyport.eap.ClientMethod;
import io.sallyport.eap.EapClient;
import io.sallyport.eap.EapServer;
import io.sallyport.eap.Judge;
import io.sallyport.eap.MsChapClient;
import io.sallyport.eap.MsChapServer;
import io.sallyport.eap.Outcome;
import io.sallyport.eap.ServerMethod;
import io.sallyport.eap.TlsClient;
import io.sallyport.eap.TlsIdentity;
import io.sallyport.eap.TlsServer;
import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.IkeAction.EapStep;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeEvent.EapConversation;
import io.sallyport.ike.IkeEvent.EapResult;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.pki.CertificateRefused;
import io.sallyport.pki.Credential;
import io.sallyport.pki.Names;
import io.sallyport.pki.NoCredential;
import io.sallyport.pki.Trust;
import io.sallyport.pki.Use;
import io.sallyport.pki.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** EAP methods that run here, as server for a directory of users and as client of another gateway. */
final class EapAnswers {
    private static final String UNKNOWN = "EAP";

    private final CertificateAnswers certificates;
    private final Entropy entropy;

    /** A conversation under way; one step at a time. */
    private record Serving(EapServer server) implements EapConversation {}

    private record Calling(EapClient client) implements EapConversation {}

    EapAnswers(CertificateAnswers certificates, Entropy entropy) {
        this.certificates = certificates;
        this.entropy = entropy;
    }

    Answer.OfIdentity serve(IdentityPlan.Directory directory, EapStep step) {
        if (step.conversation().isEmpty()) {
            try {
                EapServer server =
                        new EapServer(methods(directory), entropy.bytes(1).at(0));
                return Answer.EapNext.of(new Serving(server), server.begin());
            } catch (NoCredential e) {
                return new Answer.EapFailed(
                        EapFailures.packet(step),
                        new Failure.CredentialMissing(directory.credential().orElse(directory.name()), e.detail()));
            }
        }
        if (!(step.conversation().get() instanceof Serving(EapServer server))
                || step.received().isEmpty()) {
            return EapFailures.of(step, UNKNOWN, "a conversation of another kind");
        }
        synchronized (server) {
            return answer(step.conversation().get(), server.on(step.received().get()));
        }
    }

    private List<ServerMethod> methods(IdentityPlan.Directory directory) throws NoCredential {
        List<ServerMethod> out = new ArrayList<>();
        for (String method : directory.methods()) {
            if (method.equalsIgnoreCase(TlsServer.NAME)) {
                String credential = directory
                        .credential()
                        .orElseThrow(() -> new NoCredential("EAP-TLS needs a certificate to show; none is named"));
                String trust = directory
                        .trust()
                        .orElseThrow(() -> new NoCredential("EAP-TLS needs to know whom it trusts; nobody is named"));
                out.add(new TlsServer(tls(credential), new ByTrust(trust, Use.TLS_CLIENT)));
            } else if (method.equalsIgnoreCase(MsChapServer.NAME)) {
                List<IdentityPlan.User> users = directory.users();
                out.add(new MsChapServer(name -> password(users, name), entropy));
            }
        }
        if (out.isEmpty()) {
            throw new NoCredential("no EAP method is offered; allowed: EAP-TLS, EAP-MSCHAPv2");
        }
        return out;
    }

    static Optional<Secret> password(List<IdentityPlan.User> users, String name) {
        return users.stream()
                .filter(u -> u.name().equals(name))
                .map(IdentityPlan.User::password)
                .findFirst();
    }

    Answer.OfIdentity call(IdentityPlan.EapClient own, EapStep step) {
        try {
            EapConversation conversation = step.conversation().isPresent()
                    ? step.conversation().get()
                    : new Calling(new EapClient(own.user(), method(own)));
            if (!(conversation instanceof Calling(EapClient client))
                    || step.received().isEmpty()) {
                return EapFailures.of(step, own.method(), "a conversation of another kind");
            }
            synchronized (client) {
                return answer(conversation, client.on(step.received().get()));
            }
        } catch (NoCredential e) {
            return new Answer.EapFailed(Bytes.EMPTY, new Failure.CredentialMissing(own.name(), e.detail()));
        }
    }

    private ClientMethod method(IdentityPlan.EapClient own) throws NoCredential {
        if (own.method().equalsIgnoreCase(TlsServer.NAME)) {
            String credential =
                    own.credential().orElseThrow(() -> new NoCredential("EAP-TLS needs a certificate; none is named"));
            String trust = own.trust()
                    .orElseThrow(() -> new NoCredential("EAP-TLS needs to know whom it trusts; nobody is named"));
            return new TlsClient(own.user(), tls(credential), new ByTrust(trust, Use.TLS_SERVER));
        }
        if (own.method().equalsIgnoreCase(MsChapServer.NAME)) {
            Secret password =
                    own.password().orElseThrow(() -> new NoCredential("EAP-MSCHAPv2 needs a password; none is set"));
            return new MsChapClient(own.user(), password, entropy);
        }
        throw new NoCredential("found the method '" + own.method() + "'; allowed: EAP-TLS, EAP-MSCHAPv2");
    }

    private TlsIdentity tls(String credential) throws NoCredential {
        Credential own = certificates.credential(credential);
        return new TlsIdentity(own.key(), own.chain());
    }

    private static Answer.OfIdentity answer(EapConversation conversation, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Next(Bytes packet, Optional<Outcome.Failed> already) ->
                new Answer.EapNext(conversation, packet, already.map(EapAnswers::why));
            case Outcome.Done done ->
                new Answer.EapDone(
                        done.packet(),
                        new EapResult(
                                done.method(), done.user(), Optional.of(done.msk()), List.of(), Optional.empty()));
            case Outcome.Failed failed -> new Answer.EapFailed(failed.packet(), why(failed));
        };
    }

    private static Failure why(Outcome.Failed failed) {
        return new Failure.EapRefused(failed.method(), failed.user(), failed.detail(), failed.byPeer());
    }

    /** Whether a step may have to wait for others: then it must not hold up mathematics. */
    boolean waits(Optional<String> trust) {
        return trust.flatMap(certificates::trust)
                .map(t -> t.revocation() != Trust.Policy.OFF)
                .orElse(false);
    }

    /** Judges what comes inside of TLS as what comes inside of IKE. */
    private final class ByTrust implements Judge {
        private final String trust;
        private final Use use;

        ByTrust(String trust, Use use) {
            this.trust = trust;
            this.use = use;
        }

        @Override
        public String judge(List<Bytes> chain) throws Refused {
            try {
                Verification.Trusted trusted = certificates.chain(trust, chain, use);
                return Names.commonName(trusted.endEntity()).orElse(trusted.subject());
            } catch (CertificateRefused e) {
                throw new Refused(e.detail());
            }
        }
    }
}
