package io.sallyport.model.document;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what a person probably meant. */
public final class Spelling {
    private static final int DISTANCE_MAX = 2;
    /** Below this length two changes make another word. */
    private static final int SHORT_WORD = 5;

    private Spelling() {}

    /** The nearest of {@code known} that {@code found} could be a slip of. */
    public static Optional<String> nearest(String found, List<String> known) {
        String best = "";
        int bestDistance = (found.length() < SHORT_WORD ? 1 : DISTANCE_MAX) + 1;
        for (String name : known) {
            int distance = distance(found.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = name;
                bestDistance = distance;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** How many letters must be put in, taken out, changed or swapped with their neighbour. */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
