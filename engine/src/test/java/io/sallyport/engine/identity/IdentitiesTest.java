package io.sallyport.engine.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.Identity;
import io.sallyport.ike.IkeAction.CertificateChain;
import io.sallyport.ike.IkeAction.EapStep;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeAction.SignatureScheme;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeEvent.EapConversation;
import io.sallyport.ike.IkeFact;
import io.sallyport.pki.Authority;
import io.sallyport.pki.Fetcher;
import io.sallyport.pki.KeyKind;
import io.sallyport.pki.RevocationReason;
import io.sallyport.pki.Role;
import io.sallyport.store.MemoryStore;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the machine asks about keys and certificates, answered from files. */
@Timeout(60)
class IdentitiesTest {
    private static final Bytes OCTETS = Bytes.utf8("octets");
    private static final List<Integer> HASHES = List.of(2, 3, 4, 5);

    @TempDir
    Path data;

    private Authority authority;
    private Identities identities;

    @BeforeEach
    void open() throws Exception {
        authority = Authority.init(data.resolve("pki"), "Lab", KeyKind.EC, Clock.systemUTC());
        identities = new Identities(data, new MemoryStore(), Clock.systemUTC(), Fetcher.NONE);
        identities.configure(trusting());
    }

    @AfterEach
    void close() {
        identities.close();
    }

    private IdentityPlan trusting() throws Exception {
        return new IdentityPlan(
                List.of(new IdentityPlan.Trust(
                        "partners",
                        List.of(Bytes.wrap(authority.certificate().getEncoded())),
                        Optional.empty(),
                        List.of(),
                        IdentityPlan.Revocation.OFF)),
                List.of(),
                List.of(),
                List.of());
    }

    private Answer ask(Question.OfIdentity question) throws Exception {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        identities.ask(question, answer::complete);
        return answer.get(30, TimeUnit.SECONDS);
    }

    private Question.Verify verify(String trust, String claimed, Answer.Signed signed, SignatureScheme scheme) {
        return new Question.Verify(
                trust,
                scheme,
                Identity.fqdn(claimed),
                new CertificateChain(signed.certificates(), List.of(), Optional.empty()),
                signed.method(),
                signed.proof(),
                OCTETS);
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void whatOneSignsTheOtherVerifies(KeyKind kind) throws Exception {
        authority.issue(new Authority.Request("gw.example.org", Role.GATEWAY, List.of(), 30, kind));
        for (SignatureScheme scheme : List.of(
                new SignatureScheme.Ikev2(HASHES), new SignatureScheme.Ikev2(List.of()), new SignatureScheme.Ikev1())) {
            Answer.Signed signed = (Answer.Signed) ask(new Question.Sign("gw.example.org", scheme, OCTETS));
            assertThat(signed.certificates()).hasSize(1);
            assertThat(ask(verify("partners", "gw.example.org", signed, scheme)))
                    .isInstanceOfSatisfying(
                            Answer.Verified.class, v -> assertThat(v.subject()).isEqualTo("CN=gw.example.org"));
            assertThat(fault(ask(verify("partners", "other.example", signed, scheme))))
                    .isEqualTo(IkeFact.CertificateFault.NAME);
            assertThat(fault(ask(verify("nobody", "gw.example.org", signed, scheme))))
                    .isEqualTo(IkeFact.CertificateFault.CHAIN);
        }
    }

    private static IkeFact.CertificateFault fault(Answer answer) {
        return ((IkeFact.Failure.CertificateRefused) ((Answer.Refused) answer).why()).fault();
    }

    @Test
    void aMissingKeyIsNamed() throws Exception {
        assertThat(ask(new Question.Sign("absent", new SignatureScheme.Ikev1(), OCTETS)))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        r -> assertThat(r.why()).isInstanceOf(IkeFact.Failure.CredentialMissing.class));
    }

    @Test
    void whatOurOwnAuthorityRevokedIsRefusedAtOnce() throws Exception {
        authority.issue(new Authority.Request("gw.example.org", Role.GATEWAY, List.of(), 30, KeyKind.EC));
        SignatureScheme scheme = new SignatureScheme.Ikev2(HASHES);
        Answer.Signed signed = (Answer.Signed) ask(new Question.Sign("gw.example.org", scheme, OCTETS));
        assertThat(ask(verify("partners", "gw.example.org", signed, scheme))).isInstanceOf(Answer.Verified.class);
        authority.revoke("gw.example.org", RevocationReason.superseded);
        assertThat(fault(ask(verify("partners", "gw.example.org", signed, scheme))))
                .isEqualTo(IkeFact.CertificateFault.REVOKED);
    }

    @Test
    void theAuthoritiesAreNamedByTheirKeys() throws Exception {
        Answer.Authorities named = (Answer.Authorities) ask(new Question.Authorities("partners"));
        assertThat(named.keyHashes()).hasSize(1).allMatch(h -> h.size() == 20);
        assertThat(named.names()).hasSize(1);
    }

    private IdentityPlan withUsers() throws Exception {
        authority.issue(new Authority.Request("gw.example.org", Role.SERVER, List.of(), 30, KeyKind.RSA));
        authority.issue(new Authority.Request("alice", Role.CLIENT, List.of(), 30, KeyKind.EC));
        IdentityPlan trusting = trusting();
        return new IdentityPlan(
                trusting.trusts(),
                List.of(new IdentityPlan.Directory(
                        "staff",
                        List.of("EAP-TLS", "EAP-MSCHAPv2"),
                        List.of(new IdentityPlan.User("bob", Secret.utf8("builder"))),
                        Optional.of("gw.example.org"),
                        Optional.of("partners"),
                        Optional.empty())),
                List.of(
                        client("tls", "EAP-TLS", "alice", Optional.empty(), Optional.of("alice")),
                        client("chap", "EAP-MSCHAPv2", "bob", Optional.of(Secret.utf8("builder")), Optional.empty()),
                        client("wrong", "EAP-MSCHAPv2", "bob", Optional.of(Secret.utf8("other")), Optional.empty())),
                List.of());
    }

    private static IdentityPlan.EapClient client(
            String name, String method, String user, Optional<Secret> password, Optional<String> credential) {
        return new IdentityPlan.EapClient(name, method, user, password, credential, Optional.of("partners"));
    }

    private static EapStep step(String name, Optional<EapConversation> conversation, Optional<Bytes> received) {
        return new EapStep(
                name, Identity.fqdn("client"), new Endpoint(Address.parse("192.0.2.1"), 4500), conversation, received);
    }

    /** What the server's end and the client's end came to. */
    private List<Answer> converse(String directory, String client) throws Exception {
        Answer server = ask(new Question.EapServer(step(directory, Optional.empty(), Optional.empty())));
        Optional<EapConversation> ours = Optional.empty();
        for (int round = 0; round < 60; round++) {
            Bytes packet = packet(server);
            Answer answer = ask(new Question.EapClient(step(client, ours, Optional.of(packet))));
            if (!(answer instanceof Answer.EapNext next)) {
                return List.of(server, answer);
            }
            ours = Optional.of(next.conversation());
            server = ask(new Question.EapServer(step(
                    directory, Optional.of(((Answer.EapNext) server).conversation()), Optional.of(next.packet()))));
        }
        throw new IllegalStateException("they talk for ever");
    }

    @Test
    void eapTlsAndMschapv2RunFromKeysAndUsersOfThePlan() throws Exception {
        identities.configure(withUsers());
        for (String client : List.of("tls", "chap")) {
            List<Answer> ends = converse("staff", client);
            Answer.EapDone server = (Answer.EapDone) ends.getFirst();
            Answer.EapDone other = (Answer.EapDone) ends.getLast();
            assertThat(server.result().msk())
                    .isPresent()
                    .isEqualTo(other.result().msk());
            assertThat(server.result().user()).isEqualTo(client.equals("tls") ? "alice" : "bob");
        }
        assertThat(converse("staff", "wrong")).hasOnlyElementsOfType(Answer.EapFailed.class);
    }

    @Test
    void aRevokedClientIsRefusedInsideOfEapTls() throws Exception {
        identities.configure(withUsers());
        authority.revoke("alice", RevocationReason.keyCompromise);
        Answer.EapFailed failed = (Answer.EapFailed) converse("staff", "tls").getFirst();
        assertThat(failed.why())
                .isInstanceOfSatisfying(
                        IkeFact.Failure.EapRefused.class,
                        why -> assertThat(why.detail()).contains("was revoked").contains("'CN=alice'"));
    }

    @Test
    void xauthChecksThePasswordsOfThePlan() throws Exception {
        identities.configure(withUsers());
        Endpoint remote = new Endpoint(Address.parse("192.0.2.1"), 4500);
        assertThat(ask(new Question.CheckPassword("staff", "bob", Secret.utf8("builder"), remote)))
                .isInstanceOf(Answer.PasswordFits.class);
        for (String wrong : List.of("Builder", "", "builder ")) {
            assertThat(ask(new Question.CheckPassword("staff", "bob", Secret.utf8(wrong), remote)))
                    .isInstanceOf(Answer.Refused.class);
        }
        assertThat(ask(new Question.CheckPassword("staff", "eve", Secret.utf8("builder"), remote)))
                .isInstanceOf(Answer.Refused.class);
        assertThat(ask(new Question.CheckPassword("none", "bob", Secret.utf8("builder"), remote)))
                .isInstanceOf(Answer.Refused.class);
    }

    private static Bytes packet(Answer answer) {
        if (answer instanceof Answer.EapNext next) {
            return next.packet();
        }
        return answer instanceof Answer.EapDone done ? done.packet() : ((Answer.EapFailed) answer).packet();
    }
}
