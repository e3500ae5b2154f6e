package io.sallyport.crypto.packet;

import io.sallyport.base.Secret;
import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;

/** Makes {@link PacketCipher}s. */
public interface CryptoEngine {
    /** Its name in {@code status}. */
    String label();

    boolean supports(EncryptionAlgorithm encryption, IntegrityAlgorithm integrity);

    /**
     * Prepares one direction of an SA.
     *
     * @param key encryption key, then the salt of a combined-mode cipher
     * @param integrityKey empty for a combined-mode cipher
     * @param esn whether the high half of the sequence number enters the ICV (RFC 4303 section 2.2.1)
     */
    PacketCipher cipher(
            EncryptionAlgorithm encryption, Secret key, IntegrityAlgorithm integrity, Secret integrityKey, boolean esn);
}
