package io.sallyport.ike.v1;

import io.sallyport.base.Entropy;
import io.sallyport.base.Now;
import io.sallyport.ike.IkeAction;
import io.sallyport.ike.IkeEvent;
import io.sallyport.ike.IkeFact;
import io.sallyport.ike.IkeVersion;
import io.sallyport.ike.Numbers;
import java.util.List;

/** All IKEv1 SAs of one gateway instance, as one pure machine. */
public final class Ikev1 {
    public Ikev1(Entropy entropy, Numbers numbers) {}

    /** Applies {@code event}. */
    public List<IkeAction> on(IkeEvent event, Now now) {
        if (event instanceof IkeEvent.Datagram datagram) {
            return List.of(new IkeAction.Note(new IkeFact.Refused(
                    datagram.local(), datagram.remote(), new IkeFact.Failure.WrongVersion(IkeVersion.IKEV1.major()))));
        }
        return List.of();
    }
}
