package io.sallyport.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usual store: {@code sallyport.db} and {@code store.key} in one directory, and everything in memory besides, so that
 * reads cost no disk. The thread {@code store-write} carries out commits in the order in which they come; those that
 * wait while the disk is busy are written together, so that they share one flush.
 */
public final class SqliteStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    /** Together in one transaction: beyond this a flush costs nothing compared with the rest. */
    private static final int GROUP_MAX = 256;

    /** Revisions of one opening of the file begin at a multiple of this, so that none is ever given twice. */
    private static final int EPOCH_BITS = 32;

    private static final Request END = new Request(List.of(), new CompletableFuture<>());

    private final DirectoryLock lock;
    private final SqliteFile file;
    private final Shelf shelf;
    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Thread writer;
    private boolean closed;

    /** A commit and where its outcome goes. */
    private record Request(List<Change> changes, CompletableFuture<Long> outcome) {}

    private SqliteStore(DirectoryLock lock, SqliteFile file) throws StoreFailure {
        this.lock = lock;
        this.file = file;
        this.shelf = new Shelf(file.load(), file.epoch() << EPOCH_BITS);
        this.writer = Thread.ofPlatform().name("store-write").unstarted(this::loop);
    }

    /**
     * Opens the store in {@code directory}, or makes it.
     *
     * @throws StoreFailure with one clear line when the files are of another program, damaged, without their key, or open
     *     elsewhere; then they are as they were
     */
    public static SqliteStore open(Path directory) throws StoreFailure {
        return open(directory, 0);
    }

    static SqliteStore open(Path directory, int pagesMax) throws StoreFailure {
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            SqliteFile file = SqliteFile.open(directory, pagesMax);
            try {
                SqliteStore store = new SqliteStore(lock, file);
                store.writer.start();
                return store;
            } catch (StoreFailure | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (StoreFailure | RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    @Override
    public long revision() {
        return shelf.revision();
    }

    @Override
    public Optional<Document> get(String key) {
        return shelf.get(key);
    }

    @Override
    public List<Document> list(String prefix) {
        return shelf.list(prefix);
    }

    @Override
    public Watch watch(String prefix, Watcher watcher) {
        return shelf.watch(prefix, watcher);
    }

    /** Waits even when the thread is interrupted: a commit that has been asked for happens or does not, and one wants to know. */
    @Override
    public long commit(List<Change> changes) throws Conflict, StoreFailure {
        Request request = new Request(List.copyOf(changes), new CompletableFuture<>());
        synchronized (requests) {
            if (closed) {
                throw StoreFailure.closed();
            }
            requests.add(request);
        }
        try {
            return request.outcome().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Conflict conflict) {
                throw conflict;
            }
            if (cause instanceof StoreFailure failure) {
                // A new one, so that the trace shows who asked.
                throw new StoreFailure(String.valueOf(failure.getMessage()), failure);
            }
            if (cause instanceof IllegalArgumentException wrong) {
                throw new IllegalArgumentException(wrong.getMessage(), wrong);
            }
            throw new IllegalStateException("a commit failed; this is a bug", cause);
        }
    }

    private void loop() {
        boolean ends = false;
        while (!ends) {
            List<Request> group = new ArrayList<>();
            try {
                group.add(requests.take());
            } catch (InterruptedException e) {
                continue;
            }
            requests.drainTo(group, GROUP_MAX - 1);
            ends = group.remove(END);
            if (!group.isEmpty()) {
                carryOut(group);
            }
        }
    }

    /** What fails for a group is tried one by one: a commit too large for the disk must not fail its neighbours. */
    private void carryOut(List<Request> group) {
        try {
            write(group);
        } catch (StoreFailure | RuntimeException e) {
            if (group.size() == 1) {
                group.getFirst().outcome().completeExceptionally(e);
            } else {
                group.forEach(request -> carryOut(List.of(request)));
            }
        }
    }

    private void write(List<Request> group) throws StoreFailure {
        Shelf.Preparation preparation = shelf.prepare();
        List<Shelf.Prepared> prepared = new ArrayList<>();
        List<Runnable> answers = new ArrayList<>();
        for (Request request : group) {
            try {
                Shelf.Prepared commit = preparation.prepare(request.changes());
                if (!commit.steps().isEmpty()) {
                    prepared.add(commit);
                }
                answers.add(() -> request.outcome().complete(commit.revision()));
            } catch (Conflict | IllegalArgumentException e) {
                answers.add(() -> request.outcome().completeExceptionally(e));
            }
        }
        boolean durable = prepared.stream().flatMap(p -> p.steps().stream()).anyMatch(Shelf.Step::isDurable);
        if (durable) {
            file.write(prepared);
        }
        shelf.apply(prepared);
        answers.forEach(Runnable::run);
    }

    @Override
    public void close() {
        synchronized (requests) {
            if (closed) {
                return;
            }
            closed = true;
            requests.add(END);
        }
        awaitWriter();
        shelf.endWatches();
        try {
            file.close();
        } catch (StoreFailure e) {
            LOG.warn(
                    "the database could not be closed in order, and will be mended when it is opened: {}",
                    e.getMessage());
        }
        release(lock);
    }

    private void awaitWriter() {
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void release(DirectoryLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of the store could not be released: {}", e.getMessage());
        }
    }
}
