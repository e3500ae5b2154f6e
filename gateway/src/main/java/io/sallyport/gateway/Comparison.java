package io.sallyport.gateway;

import static io.sallyport.gateway.FactText.clean;

import io.sallyport.crypto.EncryptionAlgorithm;
import io.sallyport.crypto.IntegrityAlgorithm;
import io.sallyport.crypto.KeyExchangeMethod;
import io.sallyport.crypto.PrfAlgorithm;
import io.sallyport.ike.TrafficSelector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Lays two lists of proposals next to each other, kind by kind, so that the one that does not fit stands out. */
final class Comparison {
    private static final int OFFERS_MAX = 8;
    private static final String NOT_SAID = "not said";

    private Comparison() {}

    /** Kinds of transform, in the order in which people list them. */
    private enum Kind {
        ENCRYPTION("encryption"),
        INTEGRITY("integrity"),
        PRF("pseudorandom function"),
        KEY_EXCHANGE("key exchange"),
        OTHER("other");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    static List<Why.Row> ofOffers(List<String> ours, List<String> peers) {
        SequencedMap<Kind, List<String>> left = byKind(ours);
        SequencedMap<Kind, List<String>> right = byKind(peers);
        List<Why.Row> rows = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            List<String> a = left.getOrDefault(kind, List.of());
            List<String> b = right.getOrDefault(kind, List.of());
            if (a.isEmpty() && b.isEmpty()) {
                continue;
            }
            boolean differs =
                    !peers.isEmpty() && kind != Kind.OTHER && a.stream().noneMatch(b::contains);
            // A combined-mode cipher brings no integrity: that alone is no difference.
            if (kind == Kind.INTEGRITY && (a.isEmpty() || b.isEmpty())) {
                differs = false;
            }
            rows.add(new Why.Row(kind.label, shown(a, "none"), peers.isEmpty() ? NOT_SAID : shown(b, "none"), differs));
        }
        for (int i = 0; i < Math.min(OFFERS_MAX, Math.max(ours.size(), peers.size())); i++) {
            String theirs = i < peers.size() ? peers.get(i) : "";
            rows.add(new Why.Row(
                    "offer " + (i + 1),
                    i < ours.size() ? clean(ours.get(i)) : "",
                    clean(theirs),
                    !theirs.isEmpty() && !ours.contains(theirs)));
        }
        return rows;
    }

    /** Whether nothing of one list meets anything of the other; lists that were not told do not count. */
    static boolean disjoint(List<TrafficSelector> ours, List<TrafficSelector> peers) {
        return !ours.isEmpty()
                && !peers.isEmpty()
                && ours.stream()
                        .noneMatch(
                                a -> peers.stream().anyMatch(b -> a.intersect(b).isPresent()));
    }

    private static SequencedMap<Kind, List<String>> byKind(List<String> offers) {
        SequencedMap<Kind, List<String>> out = new LinkedHashMap<>();
        for (String offer : offers) {
            for (String part : offer.split("[/,]")) {
                String name = clean(part.strip());
                List<String> names = out.computeIfAbsent(kindOf(name), _ -> new ArrayList<>());
                if (!name.isEmpty() && !names.contains(name)) {
                    names.add(name);
                }
            }
        }
        return out;
    }

    private static Kind kindOf(String name) {
        if (isOneOf(EncryptionAlgorithm.values(), name)) {
            return Kind.ENCRYPTION;
        }
        if (isOneOf(PrfAlgorithm.values(), name)) {
            return Kind.PRF;
        }
        if (isOneOf(IntegrityAlgorithm.values(), name)) {
            return Kind.INTEGRITY;
        }
        return isOneOf(KeyExchangeMethod.values(), name) ? Kind.KEY_EXCHANGE : Kind.OTHER;
    }

    private static boolean isOneOf(Object[] known, String name) {
        for (Object each : known) {
            if (each.toString().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static String shown(List<String> names, String nothing) {
        return names.isEmpty() ? nothing : clean(String.join(", ", names));
    }
}
