package io.sallyport.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds a store's directory for one process. The file stays behind; what counts is the lock on it. */
final class DirectoryLock implements AutoCloseable {
    private static final String NAME = "store.lock";

    /** Locks of the operating system are the process's, so that within it this set tells who came first. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Makes the directory, for its owner only, when it is not there. */
    static DirectoryLock take(Path wanted) throws StoreFailure {
        try {
            if (!Files.isDirectory(wanted)) {
                Files.createDirectories(
                        wanted, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path directory = wanted.toRealPath();
            if (!HELD.add(directory)) {
                throw taken(wanted);
            }
            try {
                return new DirectoryLock(directory, lock(directory));
            } catch (IOException | StoreFailure e) {
                HELD.remove(directory);
                throw e;
            }
        } catch (FileSystemException e) {
            throw new StoreFailure(
                    e.getFile() + ": the store cannot be opened: "
                            + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason()),
                    e);
        } catch (IOException e) {
            throw new StoreFailure(wanted + ": the store cannot be opened: " + e.getMessage(), e);
        }
    }

    private static FileChannel lock(Path directory) throws IOException, StoreFailure {
        FileChannel channel = FileChannel.open(
                directory.resolve(NAME),
                EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw taken(directory);
        }
        return channel;
    }

    private static StoreFailure taken(Path directory) {
        return new StoreFailure(directory + ": another process has this store open; allowed: one at a time");
    }

    @Override
    public void close() throws IOException {
        HELD.remove(directory);
        channel.close();
    }
}
