package io.sallyport.os;

/** Something a {@link Waiter} can wait for. */
public interface Pollable {
    /** The file descriptor. */
    int descriptor();
}
