package io.sallyport.documents;

/**
 * The text of a file.
 *
 * @param file as the person named it
 */
public record Source(String file, String text) {
    /** The text may hold shared keys. */
    @Override
    public String toString() {
        return "Source[" + file + ", " + text.length() + " characters]";
    }
}
