package io.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.base.Bytes;
import java.security.KeyPair;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** Any octets at all where a stranger may put ASN.1: they are refused with a fault, never believed. */
class PkiFuzzTest {
    private static final Clock CLOCK = Clock.fixed(Made.NOW, ZoneOffset.UTC);

    private static Made root;
    private static Made end;
    private static KeyPair rsa;

    @BeforeAll
    static void make() throws Exception {
        root = Made.authority("Root").selfSigned();
        end = Made.end("peer").by(root);
        rsa = Made.rsa(2048);
    }

    @FuzzTest
    void readsAnyChain(byte[] octets) {
        Verification verification = new Verification(CLOCK, new Revocation(Fetcher.NONE, CLOCK, List::of));
        int half = octets.length / 2;
        List<Bytes> chain =
                new ArrayList<>(List.of(Bytes.of(octets, 0, half), Bytes.of(octets, half, octets.length - half)));
        for (List<Bytes> each : List.of(chain, List.of(Bytes.of(octets)))) {
            try {
                verification.chain(root.trust(), each, Use.IKE);
                throw new AssertionError("octets of a stranger are believed");
            } catch (CertificateRefused e) {
                assertThat(e.detail()).isNotEmpty();
            }
        }
    }

    @FuzzTest
    void checksAnyProof(byte[] octets) {
        Bytes proof = Bytes.of(octets);
        for (int method : new int[] {1, 9, 14, octets.length == 0 ? 0 : octets[0] & 0xff}) {
            refuses(() -> Proof.ikev2(rsa.getPublic(), List.of(2), method, proof, Bytes.EMPTY));
            refuses(() -> Proof.ikev2(end.pair.getPublic(), List.of(2), method, proof, Bytes.EMPTY));
        }
        refuses(() -> Proof.ikev1(rsa.getPublic(), proof, Bytes.EMPTY));
        refuses(() -> Proof.ikev1(end.pair.getPublic(), proof, Bytes.EMPTY));
    }

    /** Something that must not succeed. */
    private interface Judging {
        String judge() throws CertificateRefused;
    }

    private static void refuses(Judging judging) {
        try {
            throw new AssertionError("a stranger's octets are a proof by " + judging.judge());
        } catch (CertificateRefused e) {
            assertThat(e.detail()).isNotEmpty();
        }
    }

    @FuzzTest
    void readsAnyOcspAnswer(byte[] octets) {
        Ocsp.read(Bytes.of(octets)).ifPresent(answer -> {
            answer.nextUpdate();
            assertThat(answer.standing(end.certificate, root.certificate, Made.NOW))
                    .isInstanceOf(Standing.Unknown.class);
        });
    }

    @FuzzTest
    void readsAnyCrl(byte[] octets) {
        Crl.read(Bytes.of(octets)).ifPresent(list -> {
            list.nextUpdate();
            assertThat(list.standing(end.certificate, root.certificate, Made.NOW))
                    .isInstanceOf(Standing.Unknown.class);
        });
    }
}
