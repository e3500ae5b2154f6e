package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Malformed;
import io.sallyport.ike.Authentication;
import io.sallyport.ike.IkeAction.CertificateChain;
import io.sallyport.ike.IkeAction.SignatureScheme;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CERT and CERTREQ payloads, RFC 7296 sections 3.6 and 3.7. */
final class Certificates {
    /** Encodings "Hash and URL": we would have to fetch from where a stranger tells us, so we never do. */
    private static final List<Integer> HASH_AND_URL = List.of(12, 13);

    private Certificates() {}

    /** Our proof: certificates, the end entity first; what its issuer says of it today (RFC 4806 section 3.2); AUTH. */
    static List<Payload> proof(Answer.Signed signed) {
        List<Payload> payloads = new ArrayList<>();
        signed.certificates().forEach(c -> payloads.add(new Payload.Certificate(Payload.Certificate.X509, c)));
        signed.ocsp().ifPresent(o -> payloads.add(new Payload.Certificate(Payload.Certificate.OCSP, o)));
        payloads.add(new Payload.Auth(signed.method(), signed.proof()));
        return payloads;
    }

    /**
     * Whether the peer would like to see an OCSP response. Which responders it trusts does not matter to us (RFC 4806 section
     * 3.1): ours is the one that our issuer chose.
     */
    static boolean wantsOcsp(List<? extends Payload> payloads) {
        return Payloads.all(payloads, Payload.CertificateRequest.class).stream()
                .anyMatch(r -> r.encoding() == Payload.Certificate.OCSP);
    }

    /**
     * What the peer showed.
     *
     * @throws Malformed when it wants us to fetch something
     */
    static CertificateChain chain(List<Payload> payloads) throws Malformed {
        List<Bytes> certificates = new ArrayList<>();
        List<Bytes> crls = new ArrayList<>();
        Optional<Bytes> ocsp = Optional.empty();
        for (Payload.Certificate payload : Payloads.all(payloads, Payload.Certificate.class)) {
            if (HASH_AND_URL.contains(payload.encoding())) {
                throw new Malformed("CERT payload", "hash and URL, which we did not ask for");
            }
            if (payload.encoding() == Payload.Certificate.X509) {
                certificates.add(payload.data());
            } else if (payload.encoding() == Payload.Certificate.CRL) {
                crls.add(payload.data());
            } else if (payload.encoding() == Payload.Certificate.OCSP && ocsp.isEmpty()) {
                // RFC 4806 section 3.2: it is about the end entity.
                ocsp = Optional.of(payload.data());
            }
        }
        return new CertificateChain(certificates, crls, ocsp);
    }

    /** Whom we trust, and that a fresh OCSP response is welcome (RFC 4806 section 3.1: no responder in particular). */
    static List<Payload.CertificateRequest> requests(List<Bytes> keyHashes) {
        List<Bytes> distinct =
                keyHashes.stream().distinct().limit(Limits.AUTHORITIES_MAX).toList();
        return List.of(
                new Payload.CertificateRequest(Payload.Certificate.X509, Bytes.concat(distinct.toArray(Bytes[]::new))),
                new Payload.CertificateRequest(Payload.Certificate.OCSP, Bytes.EMPTY));
    }

    /** Whose certificates {@code proofs} want to see. */
    static List<String> trusts(List<Authentication> proofs) {
        List<String> trusts = new ArrayList<>();
        for (Authentication proof : proofs) {
            if (proof instanceof Authentication.Certificate(String name) && !trusts.contains(name)) {
                trusts.add(name);
            }
        }
        return trusts;
    }

    static SignatureScheme scheme(SaState.Transcript transcript) {
        return new SignatureScheme.Ikev2(transcript.abilities().signatureHashes());
    }
}
