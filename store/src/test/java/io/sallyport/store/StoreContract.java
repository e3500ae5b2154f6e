package io.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Secret;
import io.sallyport.store.Change.Expectation;
import io.sallyport.store.Document.Lifetime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class StoreContract {
    Store store = new MemoryStore();

    abstract Store open() throws Exception;

    @BeforeEach
    void opens() throws Exception {
        store = open();
    }

    @AfterEach
    void closes() {
        store.close();
    }

    @Test
    void whatWasPutIsThere() throws Exception {
        long revision = store.commit(List.of(put("a", "{\"x\":1}")));

        Document found = store.get("a").orElseThrow();
        assertThat(found.body()).isEqualTo("{\"x\":1}");
        assertThat(found.revision()).isEqualTo(revision).isEqualTo(store.revision());
        assertThat(store.get("b")).isEmpty();
    }

    @Test
    void secretsComeBackAndAreNotInTheText() throws Exception {
        Change.Put put = new Change.Put(
                "a", Expectation.ANY, "{}", Map.of("/properties/sharedKey", Secret.utf8("quiet")), Lifetime.DURABLE);
        store.commit(List.of(put));

        Document found = store.get("a").orElseThrow();
        assertThat(found.secrets().get("/properties/sharedKey")).isEqualTo(Secret.utf8("quiet"));
        assertThat(found.toString()).doesNotContain("quiet");
        assertThat(put.toString()).doesNotContain("quiet");
    }

    @Test
    void revisionsGrowWithEveryCommitAndItsDocumentsShareOne() throws Exception {
        long first = store.commit(List.of(put("a", "1")));
        long second = store.commit(List.of(put("b", "2"), put("c", "3")));

        assertThat(second).isGreaterThan(first);
        assertThat(store.list("")).extracting(Document::revision).containsExactly(first, second, second);
    }

    @Test
    void listsByPrefixInTheOrderOfKeys() throws Exception {
        store.commit(List.of(put("resource/b", "1"), put("resource/a", "2"), put("resourcf", "3"), put("r", "4")));

        assertThat(store.list("resource/")).extracting(Document::key).containsExactly("resource/a", "resource/b");
        assertThat(store.list("nothing")).isEmpty();
        assertThat(store.list("")).hasSize(4);
    }

    @Test
    void anUnmetExpectationChangesNothing() throws Exception {
        long old = store.commit(List.of(put("a", "old")));
        long now = store.commit(List.of(put("a", "now")));

        refuses("a", put("b", "x"), new Change.Put("a", rev(old), "y", Map.of(), Lifetime.DURABLE));
        refuses("a", put("b", "x"), new Change.Put("a", Expectation.ABSENT, "y", Map.of(), Lifetime.DURABLE));
        refuses("a", put("b", "x"), new Change.Delete("a", rev(old)));
        refuses("a", put("b", "x"), new Change.Require("a", Expectation.ABSENT));
        refuses("c", put("b", "x"), new Change.Require("c", rev(now)));

        assertThat(store.get("a").orElseThrow().body()).isEqualTo("now");
        assertThat(store.get("b")).isEmpty();
        assertThat(store.revision()).isEqualTo(now);
    }

    @Test
    void aMetExpectationLetsTheCommitHappen() throws Exception {
        long first = store.commit(List.of(new Change.Put("a", Expectation.ABSENT, "1", Map.of(), Lifetime.DURABLE)));
        long second = store.commit(List.of(
                new Change.Put("a", rev(first), "2", Map.of(), Lifetime.DURABLE),
                new Change.Require("b", Expectation.ABSENT)));
        store.commit(List.of(new Change.Delete("a", rev(second))));

        assertThat(store.get("a")).isEmpty();
    }

    @Test
    void aRevisionOfTheFirstLifeOfAKeyDoesNotFitItsSecond() throws Exception {
        long first = store.commit(List.of(put("a", "1")));
        store.commit(List.of(new Change.Delete("a", Expectation.ANY)));
        store.commit(List.of(put("a", "2")));

        refuses("a", new Change.Delete("a", rev(first)));
    }

    @Test
    void deletingWhatIsNotThereIsNoChange() throws Exception {
        long before = store.commit(List.of(put("a", "1")));

        assertThat(store.commit(List.of(new Change.Delete("b", Expectation.ANY))))
                .isEqualTo(before);
    }

    @Test
    void aCommitNamesAKeyOnce() {
        assertThatThrownBy(() -> store.commit(List.of(put("a", "1"), put("a", "2"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a");
        assertThat(store.get("a")).isEmpty();
    }

    @Test
    void ephemeralAndDurableDocumentsTakeTurnsUnderOneKey() throws Exception {
        store.commit(List.of(put("a", "durable")));
        store.commit(List.of(new Change.Put("a", Expectation.ANY, "ephemeral", Map.of(), Lifetime.EPHEMERAL)));
        assertThat(store.get("a").orElseThrow().body()).isEqualTo("ephemeral");
        store.commit(List.of(put("a", "durable again")));
        assertThat(store.get("a").orElseThrow().lifetime()).isEqualTo(Lifetime.DURABLE);
    }

    @Test
    void eightThreadsThatCompareAndSetLoseNoIncrement() throws Exception {
        int threads = 8;
        int each = 100;
        Heard heard = new Heard();
        store.commit(List.of(put("n", "0")));
        try (ExecutorService pool = Executors.newFixedThreadPool(threads);
                Store.Watch _ = store.watch("n", heard)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    for (int k = 0; k < each; k++) {
                        increment("n");
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            heard.take("snapshot n=0");
            for (int i = 1; i <= threads * each; i++) {
                heard.take("n=" + i);
            }
        }
        assertThat(store.get("n").orElseThrow().body()).isEqualTo(String.valueOf(threads * each));
    }

    private void increment(String key) throws StoreFailure {
        for (boolean done = false; !done; ) {
            Document before = store.get(key).orElseThrow();
            String after = String.valueOf(Integer.parseInt(before.body()) + 1);
            try {
                store.commit(List.of(new Change.Put(key, rev(before.revision()), after, Map.of(), Lifetime.DURABLE)));
                done = true;
            } catch (Conflict e) {
                assertThat(e.key()).isEqualTo(key);
            }
        }
    }

    @Test
    void aWatcherIsToldWhatThereIsAndThenEachCommitOnce() throws Exception {
        store.commit(List.of(put("r/a", "1"), put("s", "1")));
        Heard heard = new Heard();
        try (Store.Watch _ = store.watch("r/", heard)) {
            store.commit(List.of(put("r/b", "2"), put("s", "2"), put("r/c", "2")));
            store.commit(List.of(put("s", "3")));
            store.commit(List.of(new Change.Delete("r/a", Expectation.ANY)));
            store.commit(List.of(new Change.Put("r/d", Expectation.ANY, "4", Map.of(), Lifetime.EPHEMERAL)));

            heard.take("snapshot r/a=1");
            heard.take("r/b=2 r/c=2");
            heard.take("-r/a");
            heard.take("r/d=4");
        }
        assertThat(heard.calls).isEmpty();
    }

    @Test
    void watchersThatBeginInTheMiddleMissNothing() throws Exception {
        int commits = 300;
        CountDownLatch started = new CountDownLatch(1);
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= commits; i++) {
                try {
                    store.commit(List.of(put("n", String.valueOf(i))));
                } catch (Conflict | StoreFailure e) {
                    throw new IllegalStateException(e);
                }
                started.countDown();
            }
        });
        started.await();
        for (int w = 0; w < 20; w++) {
            Heard heard = new Heard();
            try (Store.Watch _ = store.watch("n", heard)) {
                String first = heard.take();
                int at = Integer.parseInt(first.substring("snapshot n=".length()));
                while (at < Math.min(commits, 15 * (w + 1))) {
                    at++;
                    heard.take("n=" + at);
                }
            }
        }
        writer.join();
    }

    @Test
    void aWatcherThatFailsIsToldOfLaterCommits() throws Exception {
        BlockingQueue<String> calls = new LinkedBlockingQueue<>();
        Store.Watcher watcher = new Store.Watcher() {
            @Override
            public void snapshot(List<Document> documents, long revision) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void changed(List<Store.Event> events, long revision) {
                calls.add("changed " + revision);
            }
        };
        try (Store.Watch _ = store.watch("a", watcher)) {
            long revision = store.commit(List.of(put("a", "1")));
            assertThat(calls.poll(10, TimeUnit.SECONDS)).isEqualTo("changed " + revision);
        }
    }

    @Test
    void aClosedWatchIsSilentAlsoWhenItClosesItself() throws Exception {
        Heard heard = new Heard();
        Store.Watch watch = store.watch("a", heard);
        heard.take("snapshot ");
        watch.close();
        store.commit(List.of(put("a", "1")));

        BlockingQueue<Store.Watch> self = new LinkedBlockingQueue<>();
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        self.add(store.watch("b", new Store.Watcher() {
            @Override
            public void snapshot(List<Document> documents, long revision) {
                try {
                    self.take().close();
                    ended.add("closed");
                } catch (InterruptedException e) {
                    ended.add("interrupted");
                }
            }

            @Override
            public void changed(List<Store.Event> events, long revision) {
                ended.add("changed");
            }
        }));
        assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo("closed");
        store.commit(List.of(put("b", "1")));
        Heard last = new Heard();
        try (Store.Watch _ = store.watch("b", last)) {
            last.take("snapshot b=1");
        }
        assertThat(heard.calls).isEmpty();
        assertThat(ended).isEmpty();
    }

    @Test
    void aClosedStoreRefusesToWriteAndCanBeClosedAgain() {
        store.close();
        store.close();
        assertThatThrownBy(() -> store.commit(List.of(put("a", "1"))))
                .isInstanceOf(StoreFailure.class)
                .hasMessage("the store is closed");
    }

    private void refuses(String key, Change... changes) {
        assertThatThrownBy(() -> store.commit(List.of(changes)))
                .isInstanceOf(Conflict.class)
                .hasMessageContaining(key)
                .satisfies(e -> assertThat(((Conflict) e).key()).isEqualTo(key));
    }

    static Change put(String key, String body) {
        return new Change.Put(key, Expectation.ANY, body, Map.of(), Lifetime.DURABLE);
    }

    static Expectation rev(long revision) {
        return new Expectation.Revision(revision);
    }

    /** Writes down what a watcher is told. */
    static final class Heard implements Store.Watcher {
        final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

        @Override
        public void snapshot(List<Document> documents, long revision) {
            calls.add("snapshot "
                    + String.join(
                            " ",
                            documents.stream()
                                    .map(d -> d.key() + "=" + d.body())
                                    .toList()));
        }

        @Override
        public void changed(List<Store.Event> events, long revision) {
            calls.add(String.join(" ", events.stream().map(Heard::text).toList()));
        }

        private static String text(Store.Event event) {
            return switch (event) {
                case Store.Event.Written(Document d) -> d.key() + "=" + d.body();
                case Store.Event.Deleted deleted -> "-" + deleted.key();
            };
        }

        String take() throws InterruptedException {
            return String.valueOf(calls.poll(20, TimeUnit.SECONDS));
        }

        void take(String wanted) throws InterruptedException {
            assertThat(take()).isEqualTo(wanted);
        }
    }
}
