package io.sallyport.api.socket;

import io.sallyport.api.identity.PrivateFiles;
import io.sallyport.api.web.Front;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on {@code control.sock} in the data directory. The user who runs the gateway may connect, and the group
 * {@code sallyport} where there is one: whoever may, owns the gateway. A lock file beside it tells a running gateway from
 * one that died and left its socket behind.
 */
public final class SocketServer implements AutoCloseable {
    public static final String SOCKET = "control.sock";
    private static final Logger LOG = LoggerFactory.getLogger(SocketServer.class);
    private static final String LOCK = "control.lock";
    private static final int LINE_MAX = 8 * 1024 * 1024;
    private static final int CLIENTS_MAX = 64;
    /** What {@code sun_path} holds on Linux, without its end. */
    private static final int PATH_MAX = 107;

    private final Path socket;
    private final FileChannel lockFile;
    private final ServerSocketChannel server;
    private final Lines lines;
    private final Semaphore clients = new Semaphore(CLIENTS_MAX);

    /**
     * Listens from now on.
     *
     * @throws IOException with one clear line: another gateway runs here, or the directory cannot be used
     */
    public SocketServer(Path data, Front front) throws IOException {
        this.lines = new Lines(front);
        this.socket = data.resolve(SOCKET);
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > PATH_MAX) {
            throw new IOException(
                    socket + ": the path of a socket may have " + PATH_MAX + " octets; use a shorter --data");
        }
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new IOException(data + ": this directory cannot be made; use --data DIR", e);
        }
        this.lockFile = lock(data.resolve(LOCK), data);
        try {
            Files.deleteIfExists(socket);
            this.server = listen(data);
        } catch (IOException e) {
            lockFile.close();
            throw new IOException(socket + ": cannot listen there: " + e.getMessage(), e);
        }
        Thread.ofPlatform().name("control-socket").daemon(true).start(this::accept);
    }

    @SuppressWarnings("EmptyCatch")
    private static FileChannel lock(Path file, Path data) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(file + ": cannot be written by this user; use --data DIR", e);
        }
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
        }
        if (held == null) {
            channel.close();
            throw new IOException(data + ": another sallyport serves from this directory; stop it or use --data DIR");
        }
        return channel;
    }

    /** Made in a private directory and moved out once nobody else may connect. */
    private ServerSocketChannel listen(Path data) throws IOException {
        Path closed = Files.createTempDirectory(
                data, "s", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path made = closed.resolve("s");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(made));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            PrivateFiles.share(made, "rw-rw----");
            Files.move(made, socket);
        } catch (IOException e) {
            channel.close();
            throw e;
        } finally {
            Files.deleteIfExists(made);
            Files.deleteIfExists(closed);
        }
        return channel;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (!clients.tryAcquire()) {
                    client.close();
                    continue;
                }
                Thread.ofVirtual().name("control-client").start(() -> serve(client));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("the control socket could not accept: {}", e.getMessage());
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                InputStream in = new BufferedInputStream(Channels.newInputStream(client));
                var out = Channels.newOutputStream(client)) {
            while (true) {
                Optional<byte[]> line = line(in);
                if (line.isEmpty()) {
                    return;
                }
                out.write(lines.answer(line.get()));
                out.write('\n');
                out.flush();
            }
        } catch (IOException e) {
            LOG.debug("a client of the control socket left: {}", e.getMessage());
        } finally {
            clients.release();
        }
    }

    /** A line of at most {@link #LINE_MAX} octets; a longer one ends the connection. */
    private static Optional<byte[]> line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.size() >= LINE_MAX) {
                return Optional.empty();
            }
            line.write(c);
        }
        return Optional.of(line.toByteArray());
    }

    /** Where it listens. */
    public Path path() {
        return socket;
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
            lockFile.close();
        } catch (IOException e) {
            LOG.warn("{} is left behind: {}", socket, e.getMessage());
        }
    }
}
