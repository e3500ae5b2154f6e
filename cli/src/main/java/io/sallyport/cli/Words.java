package io.sallyport.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Numbers and times as people say them. */
final class Words {
    private static final int STEP = 1000;

    private Words() {}

    /** {@code 1.2 MB}; decimal, as networks are measured. */
    static String bytes(long count) {
        if (count < STEP) {
            return count + " B";
        }
        double value = count;
        String units = "kMGTPE";
        int unit = -1;
        while (value >= STEP && unit < units.length() - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, value < 10 ? "%.1f %sB" : "%.0f %sB", value, units.charAt(unit));
    }

    /** How long ago: {@code 12 min}. */
    static String ago(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }

    static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}
