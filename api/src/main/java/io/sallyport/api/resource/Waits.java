package io.sallyport.api.resource;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Threads that wait for something to become true of a key; whoever changes the key wakes just these. */
final class Waits {
    private final ConcurrentHashMap<String, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();

    /** Something about {@code key} changed. */
    void signal(String key) {
        CompletableFuture<Boolean> woken = waiting.remove(key);
        if (woken != null) {
            woken.complete(true);
        }
    }

    /** Waits until {@code done}, asked again at every signal, or until {@code patience} is over: then false. */
    boolean await(String key, Duration patience, BooleanSupplier done) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            CompletableFuture<Boolean> signal = waiting.computeIfAbsent(key, k -> new CompletableFuture<>());
            if (done.getAsBoolean()) {
                return true;
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                signal.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return done.getAsBoolean();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
