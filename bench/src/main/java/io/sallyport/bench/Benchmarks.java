package io.sallyport.bench;

import org.openjdk.jmh.Main;

/** Runs the JMH benchmarks; arguments are JMH's own. */
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        Main.main(args);
    }
}
