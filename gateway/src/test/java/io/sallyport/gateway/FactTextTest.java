package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeFact.Failure;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FactTextTest {
    @Test
    void factsReadAsOneLineWithoutSecrets() {
        List<IkeFact> facts = List.of(
                new IkeFact.Connecting("c", Samples.THEIRS),
                Samples.ikeUp("c"),
                new IkeFact.ChildUp("c", Samples.child(3, "c"), Samples.ESP, Optional.of(2L)),
                new IkeFact.ChildDown("c", 3, new Failure.Replaced()),
                new IkeFact.IkeRekeyed("c", 1, 2, Samples.IKE),
                new IkeFact.IkeDown("c", new Failure.PeerDead(46)),
                new IkeFact.ChildRefused("c", "any", new Failure.DeletedByPeer()),
                new IkeFact.Refused(Samples.OURS, Samples.THEIRS, new Failure.NoSuchPeer()),
                new IkeFact.UnderLoad(true, 1000));
        assertThat(facts.stream().map(FactText::of).toList())
                .containsExactly(
                        "c: connecting to 192.0.2.2:500",
                        "c: IKEv2 SA up with 192.0.2.2:500, we asked; AES-GCM-256/PRF-HMAC-SHA384/ECP-384 (group 20); the"
                                + " peer is 192.0.2.2, proven by shared key; ESP in UDP, a NAT before the peer or feigned by it",
                        "c: child SA 3 up; AES-GCM-256/ESN; 0.0.0.0/0 to 0.0.0.0/0; replaces 2",
                        "c: child SA 3 down: replaced by a newer one",
                        "c: IKE SA has new keys; AES-GCM-256/PRF-HMAC-SHA384/ECP-384 (group 20)",
                        "c: IKE SA down: the peer has been silent for 46 s",
                        "c: child 'any' refused: the peer closed it",
                        "refused 192.0.2.2:500 at 192.0.2.1:500: no connection for this pair of addresses",
                        "many half-open handshakes (1000): cookies are demanded now");
    }
}
