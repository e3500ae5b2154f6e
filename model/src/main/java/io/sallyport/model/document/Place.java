package io.sallyport.model.document;

/**
 * Where something was written.
 *
 * @param file as the person named it
 * @param line from 1; 0: the file as a whole
 * @param column from 1
 */
public record Place(String file, int line, int column) {
    public static Place wholeFile(String file) {
        return new Place(file, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
