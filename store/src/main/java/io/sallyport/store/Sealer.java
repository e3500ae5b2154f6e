package io.sallyport.store;

import io.sallyport.base.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets with AES-256-GCM (NIST SP 800-38D) under a key that lies in a file of its own: one octet 1, a nonce of 12
 * random octets, the ciphertext, a tag of 16. The document's key and the secret's name are authenticated with it, so that
 * a sealed secret cannot be moved to another place. Random nonces are safe for 2^32 secrets.
 */
final class Sealer {
    private static final byte FORMAT = 1;
    private static final int KEY_OCTETS = 32;
    private static final int NONCE_OCTETS = 12;
    private static final int TAG_BITS = 128;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    private Sealer(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /** Reads the key file; empty when there is none. */
    static Optional<Sealer> read(Path file) throws StoreFailure {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
            if (!OWNER.containsAll(found)) {
                throw new StoreFailure(file + ": found mode " + PosixFilePermissions.toString(found)
                        + "; allowed: readable by its owner only (chmod 600)");
            }
            if (Files.size(file) != KEY_OCTETS) {
                throw new StoreFailure(file + ": found " + Files.size(file) + " octets; allowed: a key of " + KEY_OCTETS
                        + "; put back the file that was written together with the database");
            }
            byte[] octets = Files.readAllBytes(file);
            Sealer sealer = new Sealer(octets);
            Arrays.fill(octets, (byte) 0);
            return Optional.of(sealer);
        } catch (IOException e) {
            throw new StoreFailure(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Makes a key and writes its file; never replaces one. It is on the disk before anything is sealed with it. */
    static Sealer create(Path file) throws StoreFailure {
        byte[] octets = new byte[KEY_OCTETS];
        new SecureRandom().nextBytes(octets);
        try (FileChannel out = FileChannel.open(
                        file,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER));
                FileChannel directory = FileChannel.open(directoryOf(file), StandardOpenOption.READ)) {
            ByteBuffer left = ByteBuffer.wrap(octets);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
            directory.force(true);
            return new Sealer(octets);
        } catch (FileAlreadyExistsException e) {
            throw new StoreFailure(file + ": another process has just made it; start again", e);
        } catch (IOException e) {
            discard(file);
            throw new StoreFailure(file + " cannot be written: " + e.getMessage(), e);
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    /** A key file that was written by half, on a full disk, is not a key. */
    private static void discard(Path file) {
        try {
            if (Files.exists(file) && Files.size(file) < KEY_OCTETS) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // It stays, and the next start says what is wrong with it.
            return;
        }
    }

    private static Path directoryOf(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? file.toAbsolutePath() : directory;
    }

    byte[] seal(String documentKey, String name, Secret secret) {
        byte[] nonce = new byte[NONCE_OCTETS];
        random.nextBytes(nonce);
        byte[] clear = secret.expose();
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, documentKey, name);
            byte[] sealed = new byte[1 + NONCE_OCTETS + cipher.getOutputSize(clear.length)];
            sealed[0] = FORMAT;
            System.arraycopy(nonce, 0, sealed, 1, NONCE_OCTETS);
            cipher.doFinal(clear, 0, clear.length, sealed, 1 + NONCE_OCTETS);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot compute AES-256-GCM", e);
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    /** Nothing when it was not sealed with this key for this place. */
    Optional<Secret> open(String documentKey, String name, byte[] sealed) {
        if (sealed.length < 1 + NONCE_OCTETS + TAG_BITS / 8 || sealed[0] != FORMAT) {
            return Optional.empty();
        }
        try {
            byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_OCTETS);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, documentKey, name);
            return Optional.of(Secret.wrap(cipher.doFinal(sealed, 1 + NONCE_OCTETS, sealed.length - 1 - NONCE_OCTETS)));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot compute AES-256-GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String documentKey, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        // A NUL cannot be in a key, so that two places never look alike.
        cipher.updateAAD((documentKey + '\0' + name).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
