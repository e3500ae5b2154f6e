package io.sallyport.engine.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The captures of all gateways: begins and ends them, and keeps Azure's limits. Called by one thread at a time. */
public final class Captures implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Captures.class);
    /** Azure's limit; one of them may be of the whole gateway. */
    private static final int PARALLEL_MAX = 5;

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'");

    private final Path directory;
    private final Tap tap;
    private final Map<String, Running> running = new LinkedHashMap<>();

    /** A capture and where it goes. */
    private record Running(String gateway, Capture capture, Path file) {}

    /** A capture cannot begin or end; the message says why. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** @param directory made when the first capture begins, for its owner only */
    public Captures(Path directory, Tap tap) {
        this.directory = directory;
        this.tap = tap;
    }

    /**
     * Begins a capture.
     *
     * @param target what is captured: the key of a gateway or a connection
     * @param name of the target, for the file's name
     * @param gateway the key of the target's gateway
     * @return the file, which grows from now on
     */
    public synchronized Path start(String target, String name, String gateway, Scope scope, CaptureFilter filter)
            throws Refused, IOException {
        if (running.containsKey(target)) {
            throw new Refused("a packet capture of " + name + " runs already; allowed: one at a time, stop it first");
        }
        long parallel = running.values().stream()
                .filter(r -> r.gateway().equals(gateway))
                .count();
        if (parallel >= PARALLEL_MAX) {
            throw new Refused(PARALLEL_MAX + " packet captures of this gateway run already; allowed: " + PARALLEL_MAX);
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String stamp = ZonedDateTime.now(ZoneOffset.UTC).format(STAMP);
        Path file = directory
                .resolve(name.replaceAll("[^A-Za-z0-9._-]", "_") + "-" + stamp + ".pcapng")
                .toAbsolutePath();
        Capture capture = new Capture(name, scope, filter, file);
        running.put(target, new Running(gateway, capture, file));
        tap.add(capture);
        return file;
    }

    /** Ends a capture; its file is complete. */
    public synchronized Path stop(String target, String name) throws Refused, IOException {
        Running ended = running.remove(target);
        if (ended == null) {
            throw new Refused("no packet capture of " + name + " runs");
        }
        tap.remove(ended.capture());
        ended.capture().close();
        return ended.file();
    }

    /** What is being captured now. */
    public synchronized Set<String> targets() {
        return Set.copyOf(running.keySet());
    }

    @Override
    public synchronized void close() {
        for (Running each : running.values()) {
            tap.remove(each.capture());
            try {
                each.capture().close();
            } catch (IOException e) {
                LOG.warn("{} is not complete: {}", each.file(), e.getMessage());
            }
        }
        running.clear();
    }
}
