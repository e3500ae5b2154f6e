package io.sallyport.api.network.device;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * A kind of device that can be configured by a text.
 *
 * @param vendor as a client names it
 * @param comment what begins a comment line
 * @param isOld whether it lacks modern algorithms, so that the text begins with others when nothing was chosen
 * @param isPolicyBased whether it has no tunnel interface, so that the gateway must offer the prefixes
 * @param words what the device calls an algorithm: {@code ike AES256} to {@code aes-cbc-256}
 */
public record DeviceModel(
        String vendor,
        String family,
        String firmware,
        String comment,
        boolean isOld,
        boolean isPolicyBased,
        SortedMap<String, String> words,
        String body) {
    /** Reads a template file: lines that begin with a percent sign, three hyphens, and the text. */
    static DeviceModel read(String file) {
        int split = file.indexOf("\n---\n");
        TreeMap<String, String> heads = new TreeMap<>();
        TreeMap<String, String> words = new TreeMap<>();
        for (String line : file.substring(0, split).lines().toList()) {
            int blank = line.indexOf(' ');
            String name = line.substring(1, blank < 0 ? line.length() : blank);
            String value = blank < 0 ? "" : line.substring(blank + 1);
            heads.put(name, value);
            if (value.contains("=")) {
                for (String pair : value.split(" ")) {
                    int at = pair.indexOf('=');
                    words.put(
                            name + " " + pair.substring(0, at),
                            pair.substring(at + 1).replace('|', ' '));
                }
            }
        }
        return new DeviceModel(
                heads.getOrDefault("vendor", ""),
                heads.getOrDefault("family", ""),
                heads.getOrDefault("firmware", ""),
                heads.getOrDefault("comment", "#"),
                heads.containsKey("old"),
                heads.containsKey("policy-based"),
                words,
                file.substring(split + 5));
    }

    /** What the device calls an algorithm; nothing when it does not have it. */
    public Optional<String> word(String kind, String algorithm) {
        return Optional.ofNullable(words.get(kind + " " + algorithm));
    }

    /** Whether the device has words of its own for {@code kind}. */
    public boolean distinguishes(String kind) {
        return words.keySet().stream().anyMatch(w -> w.startsWith(kind + " "));
    }

    /** The text for these values. */
    public String fill(JsonNode data) {
        return new Template(body).fill(data);
    }
}
