package io.sallyport.ike;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.KeyExchanges;
import io.sallyport.crypto.Prf;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.IkeAction.CertificateChain;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeAction.SignatureScheme;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeEvent.ClientSettings;
import io.sallyport.ike.IkeFact.CertificateFault;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.wire.Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * Answers every question of one end, at once and for nothing. Signatures are digests that anybody could make, yet a wrong
 * credential, identity, chain or octet shows.
 */
public final class ToyAnswers {
    /** What a toy certificate says. */
    private record Certificate(String subject, String issuer, String serial) {
        Bytes der() {
            return Bytes.utf8("toy certificate|" + subject + "|" + issuer + "|" + serial);
        }

        static Optional<Certificate> read(Bytes der) {
            String[] parts = new String(der.toArray(), StandardCharsets.UTF_8).split("\\|", -1);
            return parts.length == 4 && parts[0].equals("toy certificate")
                    ? Optional.of(new Certificate(parts[1], parts[2], parts[3]))
                    : Optional.empty();
        }
    }

    private record Pool(List<Address> addresses, ClientSettings others, SequencedMap<String, List<Address>> given) {}

    private final KeyExchanges exchanges;
    private final ToyEap eap = new ToyEap();
    private final SequencedMap<String, Certificate> credentials = new LinkedHashMap<>();
    private final SequencedMap<String, List<String>> trusts = new LinkedHashMap<>();
    private final SequencedMap<String, Pool> pools = new LinkedHashMap<>();
    private final SequencedSet<String> revoked = new LinkedHashSet<>();
    private int ikev1Method = 3;

    public ToyAnswers(KeyExchanges exchanges) {
        this.exchanges = exchanges;
    }

    /** We have a certificate for {@code subject} that {@code issuer} made. */
    public ToyAnswers credential(String name, Identity subject, String issuer) {
        credentials.put(
                name, new Certificate(subject.type() + " " + subject.data().hex(), issuer, name));
        return this;
    }

    /** Whoever says {@code name} means certificates of these issuers. */
    public ToyAnswers trust(String name, String... issuers) {
        trusts.put(name, List.of(issuers));
        return this;
    }

    /** The certificate that somebody calls {@code credential} counts no more. */
    public ToyAnswers revoke(String credential) {
        revoked.add(credential);
        return this;
    }

    /** What IKEv1 calls the signatures of our keys: 3 RSA, 9 to 11 ECDSA. */
    public ToyAnswers ikev1Method(int method) {
        ikev1Method = method;
        return this;
    }

    /** As server and as client of EAP. */
    public ToyEap eap() {
        return eap;
    }

    /** Clients of this pool get one address of each family, as long as there are some. */
    public ToyAnswers pool(String name, List<Address> addresses, ClientSettings others) {
        pools.put(name, new Pool(List.copyOf(addresses), others, new LinkedHashMap<>()));
        return this;
    }

    /** The clients that hold addresses of this pool. */
    public List<String> holders(String pool) {
        return List.copyOf(pool(pool).given.keySet());
    }

    /** What {@link IkeAction.ReleaseLease} asks for. */
    public void release(IkeAction.ReleaseLease release) {
        if (pool(release.pool()).given.remove(release.client()) == null) {
            throw new AssertionError(release.client() + " has no addresses to give back");
        }
    }

    /** The answer to any question. */
    public Answer to(Question question) {
        return switch (question) {
            case Question.OfKeyExchange key -> KeyExchangeAnswers.to(key, exchanges);
            case Question.OfIdentity identity -> to(identity);
        };
    }

    private Answer.OfIdentity to(Question.OfIdentity question) {
        return switch (question) {
            case Question.Sign sign -> sign(sign);
            case Question.Verify verify -> verify(verify);
            case Question.Authorities(String trust) -> {
                List<Bytes> issuers = issuers(trust).stream().map(Bytes::utf8).toList();
                yield new Answer.Authorities(
                        issuers.stream()
                                .map(i -> digest("issuer", i).slice(0, 20))
                                .toList(),
                        issuers);
            }
            case Question.EapServer(IkeAction.EapStep step) -> eap.server(step);
            case Question.EapClient(IkeAction.EapStep step) -> eap.client(step);
            case Question.CheckPassword check -> eap.check(check);
            case Question.Lease lease -> lease(lease);
        };
    }

    private Answer.OfIdentity sign(Question.Sign question) {
        Certificate own = credentials.get(question.credential());
        if (own == null) {
            return new Answer.Refused(new Failure.CredentialMissing(question.credential(), "no such toy"));
        }
        return new Answer.Signed(
                method(question.scheme()),
                digest(own.der().toString(), question.octets()),
                List.of(own.der(), Bytes.utf8("toy authority|" + own.issuer)),
                question.ocsp() ? Optional.of(Bytes.utf8("toy status of " + own.serial)) : Optional.empty());
    }

    /** The method that goes with a scheme: digital signature (RFC 7427), else RSA; IKEv1's as it was said. */
    private int method(SignatureScheme scheme) {
        return switch (scheme) {
            case SignatureScheme.Ikev2(List<Integer> hashes) -> hashes.isEmpty() ? 1 : 14;
            case SignatureScheme.Ikev1 _ -> ikev1Method;
        };
    }

    private Answer.OfIdentity verify(Question.Verify question) {
        CertificateChain chain = question.chain();
        Optional<Certificate> read = chain.certificates().stream().findFirst().flatMap(Certificate::read);
        if (read.isEmpty()) {
            return refuse(question, CertificateFault.MISSING);
        }
        Certificate end = read.get();
        Identity claimed = question.claimed();
        if (!issuers(question.trust()).contains(end.issuer)) {
            return refuse(question, CertificateFault.CHAIN);
        }
        if (revoked.contains(end.serial)) {
            return refuse(question, CertificateFault.REVOKED);
        }
        if (!end.subject.equals(claimed.type() + " " + claimed.data().hex())) {
            return refuse(question, CertificateFault.NAME);
        }
        return question.method() == method(question.scheme())
                        && question.proof().equals(digest(end.der().toString(), question.octets()))
                ? new Answer.Verified("toy " + end.serial, "toy digest")
                : refuse(question, CertificateFault.SIGNATURE);
    }

    private static Answer.OfIdentity refuse(Question.Verify question, CertificateFault fault) {
        return new Answer.Refused(new Failure.CertificateRefused(question.claimed(), fault, "a toy's"));
    }

    private List<String> issuers(String trust) {
        List<String> issuers = trusts.get(trust);
        if (issuers == null) {
            throw new AssertionError("nobody said whom " + trust + " means");
        }
        return issuers;
    }

    private Pool pool(String name) {
        Pool pool = pools.get(name);
        if (pool == null) {
            throw new AssertionError("there is no pool " + name);
        }
        return pool;
    }

    private Answer.OfIdentity lease(Question.Lease question) {
        Pool pool = pool(question.pool());
        List<Address> held = pool.given.get(question.client());
        List<Address> given = new ArrayList<>();
        for (boolean ipv4 : List.of(true, false)) {
            if (ipv4 ? question.ipv4() : question.ipv6()) {
                pick(pool, ipv4, held == null ? List.of() : held, question.wished())
                        .ifPresent(given::add);
            }
        }
        if (given.isEmpty()) {
            return new Answer.Refused(new Failure.PoolEmpty(question.pool(), "a toy's"));
        }
        pool.given.put(question.client(), List.copyOf(given));
        ClientSettings others = pool.others;
        return new Answer.Leased(new ClientSettings(given, others.dns(), others.dnsDomains(), others.subnets()));
    }

    /** Its own before what it wishes, and that before the first that is free. */
    private static Optional<Address> pick(Pool pool, boolean ipv4, List<Address> held, List<Address> wished) {
        List<Address> candidates = new ArrayList<>(held);
        wished.stream().filter(pool.addresses::contains).forEach(candidates::add);
        candidates.addAll(pool.addresses);
        return candidates.stream()
                .filter(a -> a.isIpv4() == ipv4)
                .filter(a -> held.contains(a) || pool.given.values().stream().noneMatch(taken -> taken.contains(a)))
                .findFirst();
    }

    static Bytes digest(String key, Bytes octets) {
        return Bytes.wrap(
                Prf.of(PrfAlgorithm.HMAC_SHA2_256, Secret.utf8(key), octets).expose());
    }
}
