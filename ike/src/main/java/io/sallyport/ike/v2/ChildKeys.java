package io.sallyport.ike.v2;

import io.sallyport.base.Bytes;
import io.sallyport.base.Secret;
import io.sallyport.crypto.Prf;
import io.sallyport.ike.EspSuite;
import java.util.Optional;

/**
 * KEYMAT of a child SA, cut up (RFC 7296 section 2.17): what the exchange's initiator sends with comes first, encryption
 * before integrity.
 */
record ChildKeys(
        Secret initiatorEncryption, Secret initiatorIntegrity, Secret responderEncryption, Secret responderIntegrity) {
    /** @param shared of the exchange's own key exchange, when it had one */
    static ChildKeys of(IkeKeys keys, EspSuite suite, IkeKeys.Nonces nonces, Optional<Secret> shared) {
        int encryption = suite.encryption().keyOctets() + suite.encryption().saltOctets();
        int integrity = suite.integrity().keyOctets();
        Bytes fresh = shared.map(s -> Bytes.wrap(s.expose())).orElse(Bytes.EMPTY);
        Secret all = Prf.plus(keys.prf(), keys.d(), Bytes.concat(fresh, nonces.both()), 2 * (encryption + integrity));
        int half = encryption + integrity;
        ChildKeys out = new ChildKeys(
                all.slice(0, encryption),
                all.slice(encryption, half),
                all.slice(half, half + encryption),
                all.slice(half + encryption, 2 * half));
        all.destroy();
        return out;
    }
}
