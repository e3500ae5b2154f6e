package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.ike.v2.message.NotifyType;
import io.sallyport.ike.v2.message.Payload;
import io.sallyport.ike.v2.message.Payloads;
import java.util.ArrayList;
import java.util.List;

/**
 * What a peer said in IKE_SA_INIT that it can do, as far as proofs are concerned.
 *
 * @param signatureHashes that it verifies with (RFC 7427 section 4) and that we make too; empty: it knows the methods of old
 * @param multipleAuth RFC 4739
 * @param wantsOcsp a responder says it here, an initiator in IKE_AUTH (RFC 4806)
 */
record Abilities(List<Integer> signatureHashes, boolean multipleAuth, boolean wantsOcsp) {
    /**
     * SHA2-256, SHA2-384, SHA2-512, and the identity that Ed25519 needs (RFC 8420 section 2). SHA-1 is not among them: a
     * collision of transcripts would be worth a signature.
     */
    private static final List<Integer> OURS = List.of(2, 3, 4, 5);

    Abilities {
        signatureHashes = List.copyOf(signatureHashes);
    }

    static Abilities of(List<? extends Payload> payloads) {
        List<Integer> hashes = new ArrayList<>();
        Payloads.notify(payloads, NotifyType.SIGNATURE_HASH_ALGORITHMS).ifPresent(n -> {
            Bytes data = n.data();
            for (int i = 0; i + 1 < data.size(); i += 2) {
                int hash = data.at(i) << 8 | data.at(i + 1);
                if (OURS.contains(hash) && !hashes.contains(hash)) {
                    hashes.add(hash);
                }
            }
        });
        return new Abilities(
                hashes,
                Payloads.notify(payloads, NotifyType.MULTIPLE_AUTH_SUPPORTED).isPresent(),
                Certificates.wantsOcsp(payloads));
    }

    /** RFC 7427 section 4: two octets for each. */
    static Payload.Notify ourHashes() {
        return Payload.Notify.of(
                NotifyType.SIGNATURE_HASH_ALGORITHMS,
                Bytes.concat(OURS.stream().map(h -> Bytes.ofInts(0, h)).toArray(Bytes[]::new)));
    }
}
