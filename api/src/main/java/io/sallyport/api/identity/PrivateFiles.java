package io.sallyport.api.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;

/** Files that only their owner may read, or the group {@code sallyport} too. */
public final class PrivateFiles {
    private static final String GROUP = "sallyport";

    private PrivateFiles() {}

    /** Writes the whole file or leaves it as it was; it is never readable by others, not even while it is written. */
    public static void write(Path file, String text) throws IOException {
        Path made = make(file, text);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The same, but the group {@code sallyport} may read it, where there is one. */
    public static void writeForGroup(Path file, String text) throws IOException {
        Path made = make(file, text);
        share(made, "rw-r-----");
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives a file to the group {@code sallyport} with these permissions; without that group nothing changes. */
    public static boolean share(Path file, String permissions) throws IOException {
        Optional<GroupPrincipal> group = group(file);
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (group.isEmpty() || view == null) {
            return false;
        }
        view.setGroup(group.get());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return true;
    }

    private static Path make(Path file, String text) throws IOException {
        Path made = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(made);
        Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(made, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        return made;
    }

    private static Optional<GroupPrincipal> group(Path file) throws IOException {
        try {
            return Optional.of(
                    file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(GROUP));
        } catch (UserPrincipalNotFoundException e) {
            return Optional.empty();
        }
    }
}
