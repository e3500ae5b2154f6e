package io.sallyport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.lab.Host;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** ike-scan asks the responder what it would take, as somebody does who looks for weak gateways. */
class IkeScanTest {
    @Test
    @Shows(
            peer = Shows.IKE_SCAN,
            feature = "IKEv1 main mode is answered with one proposal, aggressive mode with nothing",
            role = "responder")
    void mainModeIsAnsweredAndAggressiveModeIsNot() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            sites.sallyport("connectionProtocol: IKEv1", "connectionMode: ResponderOnly");
            // AES-256, SHA-1, group 14, shared key.
            String trans = "--trans=(1=7,14=256,2=2,3=1,4=14)";
            assertThat(scan(sites.branch, trans))
                    .contains("Main Mode Handshake returned")
                    .contains("KeyLength=256");
            assertThat(scan(sites.branch, "--aggressive", "--id=192.0.2.2", "--dhgroup=14", trans))
                    .contains("0 returned handshake");
        }
    }

    @Test
    @Shows(peer = Shows.IKE_SCAN, feature = "A gateway with IKEv2 alone says nothing to IKEv1", role = "responder")
    void aGatewayWithIkev2AloneIsSilentToIkev1() {
        try (TwoSites sites = TwoSites.joinedByCable()) {
            sites.sallyport("connectionMode: ResponderOnly");
            assertThat(scan(sites.branch)).contains("0 returned handshake; 0 returned notify");
        }
    }

    private static String scan(Host from, String... options) {
        String[] command = new String[options.length + 4];
        command[0] = "ike-scan";
        command[1] = "--retry=2";
        command[2] = "--sport=0";
        System.arraycopy(options, 0, command, 3, options.length);
        command[command.length - 1] = "192.0.2.1";
        return from.run(Duration.ofSeconds(20), command).output();
    }
}
