package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.v2.message.Proposal;
import io.sallyport.ike.v2.message.Transform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/** Suites as proposals and back, RFC 7296 sections 2.7 and 3.3. */
final class Proposals {
    /** A proposal that was agreed upon, and the suite it means. */
    record Chosen<S>(S suite, Proposal answer) {}

    /** A negotiation, on which this class is generic: what a suite consists of. */
    private interface Parts<S> {
        List<Transform> of(S suite);
    }

    private Proposals() {}

    static List<Proposal> ofIke(List<IkeSuite> suites, Bytes spi) {
        return group(suites, Proposals::ikeParts, Proposal.Protocol.IKE, spi);
    }

    static List<Proposal> ofEsp(List<EspSuite> suites, int spi) {
        return group(suites, Proposals::espParts, Proposal.Protocol.ESP, spiBytes(spi));
    }

    /** The first of {@code accepts} that {@code offered} contains. */
    static Optional<Chosen<IkeSuite>> chooseIke(List<IkeSuite> accepts, List<Proposal> offered, Bytes ourSpi) {
        return choose(accepts, Proposals::ikeParts, Proposal.Protocol.IKE, offered, ourSpi);
    }

    static Optional<Chosen<EspSuite>> chooseEsp(List<EspSuite> accepts, List<Proposal> offered, int ourSpi) {
        return choose(accepts, Proposals::espParts, Proposal.Protocol.ESP, offered, spiBytes(ourSpi));
    }

    /**
     * Which of our offers the peer's answer means; nothing when it is none of them. RFC 7296 section 2.7: "the initiator
     * of an exchange MUST check that the accepted offer is consistent with one of its proposals".
     */
    static Optional<Chosen<IkeSuite>> answeredIke(List<IkeSuite> offers, List<Proposal> answer) {
        return answer.size() == 1
                ? choose(offers, Proposals::ikeParts, Proposal.Protocol.IKE, answer, Bytes.EMPTY)
                        .filter(_ -> isSingle(answer.getFirst()))
                : Optional.empty();
    }

    static Optional<Chosen<EspSuite>> answeredEsp(List<EspSuite> offers, List<Proposal> answer) {
        return answer.size() == 1
                ? choose(offers, Proposals::espParts, Proposal.Protocol.ESP, answer, Bytes.EMPTY)
                        .filter(_ -> isSingle(answer.getFirst()))
                : Optional.empty();
    }

    /** The suites without their groups, for IKE_AUTH (RFC 7296 section 1.2). */
    static List<EspSuite> withoutGroups(List<EspSuite> suites) {
        return suites.stream()
                .map(s -> new EspSuite(s.encryption(), s.integrity(), Optional.empty(), s.esn()))
                .distinct()
                .toList();
    }

    /** Offers without key exchange transforms: IKE_AUTH has none of its own, whatever a peer lists. */
    static List<Proposal> ignoringGroups(List<Proposal> offered) {
        return offered.stream()
                .map(p -> new Proposal(
                        p.number(),
                        p.protocol(),
                        p.spi(),
                        p.transforms().stream()
                                .filter(t -> t.type() != Transform.Type.KEY_EXCHANGE)
                                .toList()))
                .toList();
    }

    /** For people: one line per proposal. */
    static List<String> describe(List<Proposal> proposals) {
        return proposals.stream()
                .map(p -> String.join(
                        "/", p.transforms().stream().map(Proposals::describe).toList()))
                .toList();
    }

    static List<String> names(List<?> suites) {
        return suites.stream().map(Object::toString).toList();
    }

    static Bytes spiBytes(int spi) {
        return Bytes.ofInts(spi >>> 24, spi >>> 16 & 0xff, spi >>> 8 & 0xff, spi & 0xff);
    }

    private static List<Transform> ikeParts(IkeSuite suite) {
        List<Transform> parts = new ArrayList<>();
        parts.add(encryption(suite.encryption()));
        parts.add(Transform.of(Transform.Type.PRF, suite.prf().transformId()));
        integrity(suite.integrity()).ifPresent(parts::add);
        parts.add(keyExchange(suite.keyExchange()));
        return parts;
    }

    private static List<Transform> espParts(EspSuite suite) {
        List<Transform> parts = new ArrayList<>();
        parts.add(encryption(suite.encryption()));
        integrity(suite.integrity()).ifPresent(parts::add);
        suite.pfs().ifPresent(group -> parts.add(keyExchange(group)));
        parts.add(Transform.of(Transform.Type.SEQUENCE_NUMBERS, suite.esn() ? 1 : 0));
        return parts;
    }

    private static Transform encryption(EncryptionAlgorithm algorithm) {
        return algorithm.keyLengthOnWire()
                ? Transform.of(Transform.Type.ENCRYPTION, algorithm.transformId(), algorithm.keyBits())
                : Transform.of(Transform.Type.ENCRYPTION, algorithm.transformId());
    }

    private static Optional<Transform> integrity(IntegrityAlgorithm algorithm) {
        // RFC 7296 section 3.3: with a combined-mode cipher the integrity algorithm is left out or NONE.
        return algorithm == IntegrityAlgorithm.NONE
                ? Optional.empty()
                : Optional.of(Transform.of(Transform.Type.INTEGRITY, algorithm.transformId()));
    }

    private static Transform keyExchange(KeyExchangeMethod method) {
        return Transform.of(Transform.Type.KEY_EXCHANGE, method.transformId());
    }

    /**
     * Joins neighbouring suites into one proposal for as long as every combination that the proposal then allows is one
     * of {@code suites}.
     */
    private static <S> List<Proposal> group(List<S> suites, Parts<S> parts, int protocol, Bytes spi) {
        List<List<Transform>> wanted = suites.stream().map(parts::of).toList();
        List<SequencedSet<Transform>> groups = new ArrayList<>();
        for (List<Transform> suite : wanted) {
            if (groups.stream().anyMatch(group -> sameTypes(group, suite) && group.containsAll(suite))) {
                continue;
            }
            SequencedSet<Transform> joined = new LinkedHashSet<>(groups.isEmpty() ? List.of() : groups.getLast());
            joined.addAll(suite);
            if (!groups.isEmpty() && sameTypes(groups.getLast(), suite) && allowsOnly(wanted, joined)) {
                groups.set(groups.size() - 1, joined);
            } else {
                groups.add(new LinkedHashSet<>(suite));
            }
        }
        List<Proposal> proposals = new ArrayList<>();
        for (SequencedSet<Transform> transforms : groups) {
            proposals.add(new Proposal(
                    proposals.size() + 1,
                    protocol,
                    spi,
                    transforms.stream()
                            .sorted((a, b) -> Integer.compare(a.type(), b.type()))
                            .toList()));
        }
        return proposals;
    }

    /** A proposal that names a type of transform which a suite has none of does not allow that suite. */
    private static boolean sameTypes(SequencedSet<Transform> group, List<Transform> suite) {
        return types(group.stream()).equals(types(suite.stream()));
    }

    private static List<Integer> types(Stream<Transform> transforms) {
        return transforms.map(Transform::type).distinct().sorted().toList();
    }

    private static boolean allowsOnly(List<List<Transform>> wanted, SequencedSet<Transform> joined) {
        List<Integer> types = types(joined.stream());
        long product = 1;
        for (int type : types) {
            product *= joined.stream().filter(t -> t.type() == type).count();
        }
        long allowed = wanted.stream()
                .distinct()
                .filter(suite -> suite.size() == types.size() && joined.containsAll(suite))
                .count();
        return product == allowed;
    }

    private static <S> Optional<Chosen<S>> choose(
            List<S> accepts, Parts<S> parts, int protocol, List<Proposal> offered, Bytes ourSpi) {
        for (S suite : accepts) {
            for (Proposal proposal : offered) {
                if (proposal.protocol() == protocol) {
                    Optional<List<Transform>> picked = pick(parts.of(suite), proposal);
                    if (picked.isPresent()) {
                        return Optional.of(
                                new Chosen<>(suite, new Proposal(proposal.number(), protocol, ourSpi, picked.get())));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** One transform of each type the proposal has, being exactly those of the suite, or nothing. */
    private static Optional<List<Transform>> pick(List<Transform> suite, Proposal proposal) {
        List<Transform> picked = new ArrayList<>();
        List<Integer> types = Stream.concat(proposal.transforms().stream(), suite.stream())
                .map(Transform::type)
                .distinct()
                .toList();
        for (int type : types) {
            Optional<Transform> ours =
                    suite.stream().filter(t -> t.type() == type).findFirst();
            List<Transform> theirs = proposal.ofType(type);
            if (ours.isEmpty()) {
                // A type we name nothing of is agreeable when it may be NONE; RFC 7296 section 3.3.6 forbids to choose
                // a
                // proposal with a transform type that is not understood.
                Optional<Transform> none = theirs.stream()
                        .filter(t -> t.id() == 0 && !t.foreign())
                        .filter(_ -> type == Transform.Type.INTEGRITY || type == Transform.Type.KEY_EXCHANGE)
                        .findFirst();
                if (none.isEmpty()) {
                    return Optional.empty();
                }
                picked.add(none.get());
            } else if (theirs.contains(ours.get())) {
                picked.add(ours.get());
            } else if (!(theirs.isEmpty() && isDefault(ours.get()))) {
                return Optional.empty();
            }
        }
        return Optional.of(picked);
    }

    /** Peers exist that leave the sequence number transform out and mean 32 bits. */
    private static boolean isDefault(Transform transform) {
        return transform.type() == Transform.Type.SEQUENCE_NUMBERS && transform.id() == 0;
    }

    private static boolean isSingle(Proposal proposal) {
        return proposal.transforms().stream().map(Transform::type).distinct().count()
                == proposal.transforms().size();
    }

    private static String describe(Transform transform) {
        String unknown = "transform " + transform.type() + ":" + transform.id()
                + transform.keyLengthBits().map(bits -> "-" + bits).orElse("");
        return switch (transform.type()) {
            case Transform.Type.ENCRYPTION ->
                EncryptionAlgorithm.of(transform.id(), transform.keyLengthBits())
                        .map(Object::toString)
                        .orElse(unknown);
            case Transform.Type.PRF ->
                PrfAlgorithm.of(transform.id()).map(Object::toString).orElse(unknown);
            case Transform.Type.INTEGRITY ->
                IntegrityAlgorithm.of(transform.id()).map(Object::toString).orElse(unknown);
            case Transform.Type.KEY_EXCHANGE ->
                KeyExchangeMethod.of(transform.id()).map(Object::toString).orElse(unknown);
            case Transform.Type.SEQUENCE_NUMBERS -> transform.id() == 1 ? "ESN" : "no ESN";
            default -> unknown;
        };
    }
}
