package io.sallyport.radius;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.wire.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an answer to an Access-Request says (RFC 2865 section 4, RFC 2548 section 2.4, RFC 3579). */
final class VerdictReader {
    private static final int MPPE_SEND_KEY = 16;
    private static final int MPPE_RECV_KEY = 17;
    private static final int AZURE_POLICY = 65;
    private static final int MSK = 64;

    private VerdictReader() {}

    /**
     * Reads an answer that is authentic.
     *
     * @param user as the client called itself
     */
    static Verdict read(RadiusPacket answer, RadiusPacket request, Secret secret, String user) {
        return switch (answer.code()) {
            case RadiusPacket.ACCESS_ACCEPT ->
                new Verdict.Accept(
                        answer.eap(),
                        answer.first(Attribute.USER_NAME).map(Bytes::printable).orElse(user),
                        msk(answer, request, secret),
                        framed(answer),
                        answer.number(Attribute.SESSION_TIMEOUT)
                                .filter(s -> s > 0)
                                .map(Duration::ofSeconds),
                        marks(answer));
            case RadiusPacket.ACCESS_CHALLENGE -> new Verdict.Challenge(answer.eap());
            default ->
                new Verdict.Reject(
                        answer.eap(),
                        answer.first(Attribute.REPLY_MESSAGE)
                                .map(Bytes::printable)
                                .orElse(""));
        };
    }

    /** RFC 3748 section 7.10 and RFC 2548: the receive key is the first half. */
    private static Optional<Secret> msk(RadiusPacket answer, RadiusPacket request, Secret secret) {
        Optional<Secret> first = mppe(answer, MPPE_RECV_KEY, request, secret);
        Optional<Secret> second = mppe(answer, MPPE_SEND_KEY, request, secret);
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        byte[] out = new byte[MSK];
        byte[] one = first.get().expose();
        byte[] other = second.get().expose();
        System.arraycopy(one, 0, out, 0, one.length);
        System.arraycopy(other, 0, out, one.length, other.length);
        java.util.Arrays.fill(one, (byte) 0);
        java.util.Arrays.fill(other, (byte) 0);
        return Optional.of(Secret.wrap(out));
    }

    private static Optional<Secret> mppe(RadiusPacket answer, int kind, RadiusPacket request, Secret secret) {
        return answer.microsoft(kind).stream()
                .findFirst()
                .flatMap(v -> Authenticity.key(v, request.authenticator(), secret));
    }

    private static List<Address> framed(RadiusPacket answer) {
        List<Address> out = new ArrayList<>();
        answer.first(Attribute.FRAMED_IP_ADDRESS)
                .filter(v -> v.size() == 4)
                // RFC 2865 section 5.8: all ones let the user choose, 255.255.255.254 lets us.
                .filter(v -> RadiusPacket.number(v) < 0xffff_fffeL && RadiusPacket.number(v) != 0)
                .ifPresent(v -> out.add(Address.of(v)));
        answer.first(Attribute.FRAMED_IPV6_ADDRESS).filter(v -> v.size() == 16).ifPresent(v -> out.add(Address.of(v)));
        return out;
    }

    private static Verdict.Marks marks(RadiusPacket answer) {
        return new Verdict.Marks(
                answer.all(Attribute.CLASS),
                answer.all(Attribute.FILTER_ID).stream().map(Bytes::printable).toList(),
                answer.microsoft(AZURE_POLICY),
                // RFC 2869 section 5.16: less than a minute is not allowed.
                answer.number(Attribute.ACCT_INTERIM_INTERVAL)
                        .filter(s -> s >= 60)
                        .map(Duration::ofSeconds));
    }
}
