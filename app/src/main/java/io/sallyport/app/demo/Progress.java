package io.sallyport.app.demo;

import io.sallyport.app.lab.LabFailure;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Supplier;

/** Says what is being done, and how long it took. */
final class Progress {
    private final PrintWriter out;
    private final boolean terminal;
    private int step;

    Progress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    <T> T step(String what, Supplier<T> work) {
        String line = String.format(Locale.ROOT, "  %2d  %-58s", ++step, what);
        if (terminal) {
            out.print(line + " …");
            out.flush();
        }
        long start = System.nanoTime();
        try {
            T result = work.get();
            out.printf(Locale.ROOT, "%s%s %6.1f s%n", terminal ? "\r" : "", line, (System.nanoTime() - start) / 1e9);
            out.flush();
            return result;
        } catch (LabFailure e) {
            out.printf(Locale.ROOT, "%s%s failed%n", terminal ? "\r" : "", line);
            out.flush();
            throw e;
        }
    }
}
