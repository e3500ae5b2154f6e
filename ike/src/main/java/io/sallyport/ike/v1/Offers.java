package io.sallyport.ike.v1;

import io.sallyport.base.Bytes;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.ChildConfig;
import io.sallyport.ike.EspSuite;
import io.sallyport.ike.IkeSuite;
import io.sallyport.ike.v1.message.Attribute;
import io.sallyport.ike.v1.message.Payload;
import io.sallyport.ike.v1.message.Proposal;
import io.sallyport.ike.v1.message.Transform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Suites as proposals and back: RFC 2409 appendix A for phase 1, RFC 2407 section 4.4 and 4.5 for phase 2. */
final class Offers {
    /** What was agreed upon, and the transform that said so, to be echoed as it came. */
    record Chosen<S>(S suite, Proposal proposal, Transform transform) {
        /** The proposal with nothing but the chosen transform. */
        Proposal answer(Bytes spi) {
            return new Proposal(proposal.number(), proposal.protocol(), spi, List.of(transform));
        }
    }

    /** How ESP travels, as attribute 4 of phase 2 says. */
    static final int TUNNEL = 1;

    /** RFC 3947 section 5.1. */
    static final int UDP_TUNNEL = 3;

    private static final int UDP_TUNNEL_DRAFT = 61443;

    private static final int SECONDS = 1;
    private static final int KILOBYTES = 2;

    private Offers() {}

    // Phase 1. Attributes: 1 encryption, 2 hash, 3 authentication method, 4 group, 11 life type, 12 life duration, 14
    // key
    // length.

    /** Whether phase 1 can be protected by it: there is no combined-mode cipher in IKEv1, and Curve25519 has no number. */
    static boolean isUsable(IkeSuite suite) {
        return !suite.encryption().isAead() && suite.keyExchange() != KeyExchangeMethod.CURVE25519;
    }

    static Payload.Sa phase1(List<IkeSuite> suites, int method, Duration lifetime) {
        List<Transform> transforms = new ArrayList<>();
        for (IkeSuite suite : suites.stream().filter(Offers::isUsable).toList()) {
            List<Attribute> attributes = new ArrayList<>();
            attributes.add(Attribute.number(1, phase1Cipher(suite.encryption())));
            if (suite.encryption().keyLengthOnWire()) {
                attributes.add(Attribute.number(14, suite.encryption().keyBits()));
            }
            attributes.add(Attribute.number(2, hashNumber(suite.prf())));
            attributes.add(Attribute.number(3, method));
            attributes.add(Attribute.number(4, suite.keyExchange().transformId()));
            attributes.add(Attribute.number(11, SECONDS));
            attributes.add(Attribute.number(12, lifetime.toSeconds()));
            transforms.add(new Transform(transforms.size() + 1, Transform.KEY_IKE, attributes));
        }
        return Payload.Sa.of(List.of(new Proposal(1, Proposal.Protocol.ISAKMP, Bytes.EMPTY, transforms)));
    }

    /** The first of {@code accepts} that {@code offered} contains together with {@code method}. */
    static Optional<Chosen<IkeSuite>> choosePhase1(List<IkeSuite> accepts, int method, List<Proposal> offered) {
        for (IkeSuite suite : accepts) {
            for (Proposal proposal : offered) {
                for (Transform transform : proposal.transforms()) {
                    if (proposal.protocol() == Proposal.Protocol.ISAKMP && isPhase1(transform, suite, method)) {
                        return Optional.of(new Chosen<>(suite, proposal, transform));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isPhase1(Transform transform, IkeSuite suite, int method) {
        Optional<Long> keyLength = transform.number(14);
        boolean known = transform.attributes().stream().allMatch(a -> switch (a.type()) {
            case 1, 2, 3, 4, 11, 12, 14 -> true;
            default -> false;
        });
        return known
                && isUsable(suite)
                && transform.id() == Transform.KEY_IKE
                && is(transform, 1, phase1Cipher(suite.encryption()))
                && (suite.encryption().keyLengthOnWire()
                        ? keyLength.equals(Optional.of((long) suite.encryption().keyBits()))
                        : keyLength.isEmpty())
                && is(transform, 2, hashNumber(suite.prf()))
                && is(transform, 3, method)
                // A transform without a group would mean the first Oakley group, which nobody should use.
                && is(transform, 4, suite.keyExchange().transformId());
    }

    private static boolean is(Transform transform, int attribute, long value) {
        return transform.number(attribute).equals(Optional.of(value));
    }

    private static int phase1Cipher(EncryptionAlgorithm encryption) {
        return encryption == EncryptionAlgorithm.TRIPLE_DES_CBC ? 5 : 7;
    }

    private static int hashNumber(PrfAlgorithm prf) {
        return switch (prf) {
            case HMAC_SHA1 -> 2;
            case HMAC_SHA2_256 -> 4;
            case HMAC_SHA2_384 -> 5;
            case HMAC_SHA2_512 -> 6;
        };
    }

    // Phase 2. Attributes: 1 life type, 2 life duration, 3 group, 4 encapsulation mode, 5 authentication algorithm, 6
    // key
    // length.

    /** Whether quick mode can name it. */
    static boolean isUsable(EspSuite suite) {
        return !suite.esn()
                && suite.encryption() != EncryptionAlgorithm.CHACHA20_POLY1305
                && suite.pfs().filter(g -> g == KeyExchangeMethod.CURVE25519).isEmpty();
    }

    static Payload.Sa phase2(List<EspSuite> suites, int spi, int encapsulation, ChildConfig config) {
        List<Transform> transforms = new ArrayList<>();
        for (EspSuite suite : suites) {
            List<Attribute> attributes = new ArrayList<>();
            attributes.add(Attribute.number(1, SECONDS));
            attributes.add(Attribute.number(2, config.lifetime().toSeconds()));
            if (config.lifetimeBytes() >= 1024) {
                attributes.add(Attribute.number(1, KILOBYTES));
                attributes.add(Attribute.number(2, Math.min(config.lifetimeBytes() / 1024, 0xffff_ffffL)));
            }
            suite.pfs().ifPresent(group -> attributes.add(Attribute.number(3, group.transformId())));
            attributes.add(Attribute.number(4, encapsulation));
            if (suite.integrity() != IntegrityAlgorithm.NONE) {
                attributes.add(Attribute.number(5, integrityNumber(suite.integrity())));
            }
            if (suite.encryption().keyLengthOnWire()) {
                attributes.add(Attribute.number(6, suite.encryption().keyBits()));
            }
            transforms.add(
                    new Transform(transforms.size() + 1, suite.encryption().transformId(), attributes));
        }
        return Payload.Sa.of(List.of(new Proposal(1, Proposal.Protocol.ESP, spiOctets(spi), transforms)));
    }

    /** The first of {@code accepts} that {@code offered} contains. */
    static Optional<Chosen<EspSuite>> choosePhase2(List<EspSuite> accepts, boolean udp, List<Proposal> offered) {
        for (EspSuite suite : accepts) {
            for (Proposal proposal : offered) {
                // A bundle with AH or compression shares the number; we take ESP alone.
                boolean alone = offered.stream()
                                .filter(p -> p.number() == proposal.number())
                                .count()
                        == 1;
                if (alone && proposal.protocol() == Proposal.Protocol.ESP && isChildSpi(proposal.spi())) {
                    for (Transform transform : proposal.transforms()) {
                        if (isPhase2(transform, suite, udp)) {
                            return Optional.of(new Chosen<>(suite, proposal, transform));
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isPhase2(Transform transform, EspSuite suite, boolean udp) {
        Optional<Long> keyLength = transform.number(6);
        Optional<Long> mode = transform.number(4);
        boolean known = transform.attributes().stream().allMatch(a -> a.type() >= 1 && a.type() <= 6);
        boolean carried = udp
                ? mode.equals(Optional.of((long) UDP_TUNNEL)) || mode.equals(Optional.of((long) UDP_TUNNEL_DRAFT))
                : mode.equals(Optional.of((long) TUNNEL));
        Optional<Long> group = suite.pfs().map(g -> (long) g.transformId());
        Optional<Long> integrity = suite.integrity() == IntegrityAlgorithm.NONE
                ? Optional.empty()
                : Optional.of((long) integrityNumber(suite.integrity()));
        return known
                && isUsable(suite)
                && carried
                && transform.id() == suite.encryption().transformId()
                && (suite.encryption().keyLengthOnWire()
                        ? keyLength.equals(Optional.of((long) suite.encryption().keyBits()))
                        : keyLength.isEmpty())
                && transform.number(5).equals(integrity)
                && transform.number(3).equals(group);
    }

    static int encapsulation(boolean udp, boolean draft) {
        return !udp ? TUNNEL : draft ? UDP_TUNNEL_DRAFT : UDP_TUNNEL;
    }

    private static int integrityNumber(IntegrityAlgorithm integrity) {
        return switch (integrity) {
            case NONE -> 0;
            case HMAC_SHA1_96 -> 2;
            case HMAC_SHA2_256_128 -> 5;
            case HMAC_SHA2_384_192 -> 6;
            case HMAC_SHA2_512_256 -> 7;
        };
    }

    /** RFC 4303 section 2.1: four octets, and 0 to 255 name no SA. */
    static boolean isChildSpi(Bytes spi) {
        return spi.size() == 4 && toInt(spi) >>> 8 != 0;
    }

    static Bytes spiOctets(int spi) {
        return Bytes.ofLong(spi).slice(4, 8);
    }

    static int toInt(Bytes spi) {
        return spi.at(0) << 24 | spi.at(1) << 16 | spi.at(2) << 8 | spi.at(3);
    }

    // Lifetimes, in both phases pairs of type and duration.

    /** What a transform says about its time, if it does. */
    static Optional<Duration> lifetime(Transform transform, int typeAttribute) {
        return lifetime(transform.attributes(), typeAttribute, SECONDS)
                .filter(s -> s > 0 && s <= Integer.MAX_VALUE)
                .map(Duration::ofSeconds);
    }

    static Optional<Duration> lifetime(List<Attribute> attributes) {
        return lifetime(attributes, 1, SECONDS)
                .filter(s -> s > 0 && s <= Integer.MAX_VALUE)
                .map(Duration::ofSeconds);
    }

    private static Optional<Long> lifetime(List<Attribute> attributes, int typeAttribute, int unit) {
        long type = SECONDS;
        for (Attribute attribute : attributes) {
            if (attribute.type() == typeAttribute) {
                type = attribute.number();
            } else if (attribute.type() == typeAttribute + 1 && type == unit) {
                return Optional.of(attribute.number());
            }
        }
        return Optional.empty();
    }

    // For people.

    static List<String> names(List<?> suites) {
        return suites.stream().map(Object::toString).toList();
    }

    static List<String> describePhase1(List<Proposal> proposals) {
        List<String> out = new ArrayList<>();
        for (Proposal proposal : proposals) {
            for (Transform t : proposal.transforms()) {
                String cipher = t.number(1)
                        .map(n -> n == 7
                                ? "AES-CBC" + t.number(14).map(k -> "-" + k).orElse("")
                                : n == 5 ? "3DES-CBC" : "cipher " + n)
                        .orElse("no cipher");
                String hash = t.number(2).map(Offers::hashName).orElse("no hash");
                String group = t.number(4).map(Offers::groupName).orElse("no group");
                String method = t.number(3).map(Way.Method::name).orElse("no method");
                out.add(cipher + "/" + hash + "/" + group + " with " + method);
            }
        }
        return out;
    }

    static List<String> describePhase2(List<Proposal> proposals) {
        List<String> out = new ArrayList<>();
        for (Proposal proposal : proposals) {
            for (Transform t : proposal.transforms()) {
                Optional<Integer> bits = t.number(6).map(Long::intValue);
                String cipher = EncryptionAlgorithm.of(t.id(), bits)
                        .map(Object::toString)
                        .orElse("protocol " + proposal.protocol() + " transform " + t.id());
                String integrity = t.number(5).map(n -> "/integrity " + n).orElse("");
                String group = t.number(3).map(g -> "/" + groupName(g)).orElse("");
                String mode = t.number(4).map(m -> ", mode " + m).orElse("");
                out.add(cipher + integrity + group + mode);
            }
        }
        return out;
    }

    private static String hashName(long number) {
        return switch ((int) number) {
            case 1 -> "MD5";
            case 2 -> "SHA1";
            case 4 -> "SHA256";
            case 5 -> "SHA384";
            case 6 -> "SHA512";
            default -> "hash " + number;
        };
    }

    private static String groupName(long number) {
        return KeyExchangeMethod.of((int) number).map(Object::toString).orElse("group " + number);
    }
}
