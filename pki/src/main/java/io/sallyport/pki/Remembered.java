package io.sallyport.pki;

import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which certificates hold together: that one signed the other, that a path is sound. Neither ever changes, only time goes on,
 * which is looked at each time. Many clients come back again and again with the same certificates. At most
 * {@link #PATHS_MAX} are remembered; those that were not asked for longest are forgotten. May be used from any thread.
 */
final class Remembered {
    static final int PATHS_MAX = 1_024;

    private final Map<List<X509Certificate>, Boolean> paths = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<X509Certificate>, Boolean> eldest) {
            return size() > PATHS_MAX;
        }
    };

    synchronized boolean has(List<X509Certificate> path) {
        return paths.get(path) != null;
    }

    synchronized void add(List<X509Certificate> path) {
        paths.put(List.copyOf(path), true);
    }
}
