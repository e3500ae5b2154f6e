package io.sallyport.engine.path;

/** Ending packet threads. */
final class Threads {
    private Threads() {}

    /** Waits for {@code thread} to end, unless it is the caller or was never started. */
    static void join(Thread thread) {
        if (thread == Thread.currentThread()) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
