package io.sallyport.api.web;

/** What answers requests, whatever way they came. Called from many threads. */
@FunctionalInterface
public interface Front {
    /** Never throws: what goes wrong is an answer too. */
    Answer answer(Request request);
}
