package io.sallyport.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.packet.CryptoEngine;
import io.sallyport.crypto.packet.JdkEngine;
import io.sallyport.crypto.packet.PacketCipher;
import io.sallyport.engine.path.Gateways.Joint;
import io.sallyport.os.UdpTrial;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What fails its self-test at start is not used, is said to have failed, and traffic passes without it. */
class CapabilitiesTest {
    private static String said(PacketPath path) {
        return String.join("\n", path.capabilities());
    }

    @Test
    void whatPassesIsInUse() throws Exception {
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, 1400)) {
            assertThat(said(gateways.left))
                    .contains("device spT: tun in use, uso in use")
                    .contains("listener 192.0.2.1:4500: udp-segment in use, udp-gro in use, raw ESP in use")
                    .containsPattern("crypto: AES-GCM by .*ipsec-mb.*, in use");
        }
    }

    /** A real loss of real packets: the left namespace loses every run of datagrams that crosses its loopback whole. */
    @Test
    void aKernelThatLosesSegmentedRunsIsNotGivenAny() throws Exception {
        try (Lab lab = new Lab()) {
            lab.in(lab.left(), "nft", "add table inet t");
            lab.in(lab.left(), "nft", "add chain inet t in { type filter hook input priority 0; }");
            lab.in(lab.left(), "nft", "add rule inet t in iifname lo meta l4proto udp meta length > 3000 drop");
            try (Gateways gateways = new Gateways(lab, Joint.USUAL, 1400)) {
                assertThat(said(gateways.left))
                        .contains("udp-segment failed self-test (0 of 20 datagrams arrived), udp-gro in use");
                assertThat(said(gateways.right)).contains("udp-segment in use");
                gateways.join();
                assertThat(gateways.ping("10.2.0.1")).isTrue();
                PathInNamespacesTest.transfers(lab, "10.2.0.1", 3 << 20);
            }
        }
    }

    @Test
    void aKernelThatMergesWronglyIsNotAskedTo() throws Exception {
        Offloads usual = Offloads.fromProperties();
        UdpTrial.Findings wrong = new UdpTrial.Findings(
                new UdpTrial.Finding(UdpTrial.Outcome.WORKS, ""),
                new UdpTrial.Finding(UdpTrial.Outcome.WRONG, "datagram 1 arrived changed"));
        Offloads faulty = new Offloads(usual.tun(), true, true, (_, _, _) -> wrong);
        try (Lab lab = new Lab();
                Gateways gateways = new Gateways(lab, Joint.USUAL, 1400, faulty)) {
            assertThat(said(gateways.left))
                    .contains("udp-segment in use, udp-gro failed self-test (datagram 1 arrived changed)");
            gateways.join();
            assertThat(gateways.ping("10.2.0.1")).isTrue();
        }
    }

    @Test
    void withoutLoopbackTheyAreUsedAndSaidToBeUntested() throws Exception {
        try (Lab lab = new Lab()) {
            Lab.run("ip", "-n", lab.left(), "link", "set", "lo", "down");
            try (Gateways gateways = new Gateways(lab, Joint.USUAL, 1400)) {
                assertThat(said(gateways.left))
                        .contains(
                                "udp-segment in use, not tested (nothing passes over loopback), udp-gro in use, not tested");
                gateways.join();
                assertThat(gateways.ping("10.2.0.1")).isTrue();
            }
        }
    }

    @Test
    void aCryptoEngineThatDisagreesWithTheJdkIsNotUsed() {
        assertThat(Ciphers.of(Optional.of(new Faulty(true))).capabilities().getFirst())
                .isEqualTo("crypto: AES-GCM by the JDK (faulty failed self-test)");
        assertThat(Ciphers.of(Optional.of(new Faulty(false))).capabilities().getFirst())
                .isEqualTo("crypto: AES-GCM by faulty, in use");
        assertThat(Ciphers.of(Optional.empty()).capabilities().getFirst()).contains("by the JDK (libipsec-mb is not");
    }

    /** The JDK's engine, and one wrong bit in what it seals if asked for. */
    private record Faulty(boolean wrong) implements CryptoEngine {
        @Override
        public String label() {
            return "faulty";
        }

        @Override
        public boolean supports(EncryptionAlgorithm encryption, IntegrityAlgorithm integrity) {
            return encryption == EncryptionAlgorithm.AES_GCM_16_256 && integrity == IntegrityAlgorithm.NONE;
        }

        @Override
        public PacketCipher cipher(
                EncryptionAlgorithm encryption,
                Secret key,
                IntegrityAlgorithm integrity,
                Secret integrityKey,
                boolean esn) {
            PacketCipher right = new JdkEngine().cipher(encryption, key, integrity, integrityKey, esn);
            return new PacketCipher() {
                @Override
                public int ivOctets() {
                    return right.ivOctets();
                }

                @Override
                public int icvOctets() {
                    return right.icvOctets();
                }

                @Override
                public int blockOctets() {
                    return right.blockOctets();
                }

                @Override
                public void seal(MemorySegment from, long text, int length, MemorySegment to, long esp, long sequence) {
                    right.seal(from, text, length, to, esp, sequence);
                    if (wrong && length > 1000) {
                        long at = esp + 900;
                        to.set(ValueLayout.JAVA_BYTE, at, (byte) (to.get(ValueLayout.JAVA_BYTE, at) ^ 4));
                    }
                }

                @Override
                public boolean open(MemorySegment memory, long esp, int length, long sequence) {
                    return right.open(memory, esp, length, sequence);
                }
            };
        }
    }
}
