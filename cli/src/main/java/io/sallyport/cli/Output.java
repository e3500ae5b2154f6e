package io.sallyport.cli;

/** For people or for programs. Names are what {@code -o} takes. */
enum Output {
    table,
    json,
    yaml
}
