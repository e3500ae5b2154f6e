package io.sallyport.os;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Opens devices and sockets inside network namespaces: a descriptor stays in the one its thread was in. */
public final class NetworkNamespaces {
    private static final int CLONE_NEWNET = 0x4000_0000;

    private NetworkNamespaces() {}

    /** Something that opens a descriptor. */
    @FunctionalInterface
    public interface Opening<T> {
        T open() throws IOException;
    }

    /**
     * Runs {@code opening} inside the namespace called {@code name}, on a thread of its own that ends with it; absent:
     * here and now.
     */
    public static <T> T in(Optional<String> name, Opening<T> opening) throws IOException {
        if (name.isEmpty()) {
            return opening.open();
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread.ofPlatform().name("netns-" + name.get()).daemon().start(() -> {
            try {
                enter(name.get());
                done.complete(opening.open());
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while opening in network namespace '" + name.get() + "'", e);
        }
    }

    private static void enter(String name) throws IOException {
        int fd = Libc.open("/var/run/netns/" + name, Libc.O_CLOEXEC);
        if (fd == -Libc.ENOENT) {
            throw new IOException("network namespace '" + name + "' does not exist");
        }
        if (fd < 0) {
            throw Libc.refused("network namespace '" + name + "'", fd);
        }
        int entered = Libc.setns(fd, CLONE_NEWNET);
        Libc.close(fd);
        if (entered < 0) {
            throw Libc.refused("network namespace '" + name + "'", entered);
        }
    }
}
