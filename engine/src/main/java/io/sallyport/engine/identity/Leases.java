package io.sallyport.engine.identity;

import io.sallyport.gateway.IdentityPlan;
import io.sallyport.ike.IkeAction.Question;
import io.sallyport.ike.IkeEvent.Answer;
import io.sallyport.ike.IkeEvent.ClientSettings;
import io.sallyport.ike.IkeFact.Failure;
import io.sallyport.store.Document;
import io.sallyport.store.Keys;
import io.sallyport.store.Store;
import io.sallyport.wire.Address;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives addresses of pools to clients. What was given stands in the store, so that after a restart the same client gets the
 * same again. A client does not wait for the disk: what a crash loses is only who had which.
 */
final class Leases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Store store;
    private final Clock clock;
    private final WriteBehind writes;
    private final SequencedMap<String, AddressBook> books = new LinkedHashMap<>();

    Leases(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.writes = new WriteBehind(store);
    }

    synchronized void configure(List<IdentityPlan.Pool> pools) {
        for (IdentityPlan.Pool pool : pools) {
            AddressBook known = books.get(pool.name());
            if (known == null) {
                books.put(pool.name(), read(pool));
            } else {
                known.change(pool);
            }
        }
        // Whoever still has an address of a pool that is gone gives it back later, or never: the store remembers.
        books.keySet().removeIf(name -> pools.stream().noneMatch(p -> p.name().equals(name)));
    }

    synchronized Answer.OfIdentity lease(Question.Lease question) {
        AddressBook book = books.get(question.pool());
        if (book == null) {
            return new Answer.Refused(new Failure.PoolEmpty(question.pool(), "there is no such pool"));
        }
        AddressBook.Given given =
                book.give(question.client(), question.ipv4(), question.ipv6(), question.wished(), clock.instant());
        given.forgotten().forEach(client -> writes.delete(key(question.pool(), client)));
        if (given.refusal().isPresent()) {
            return new Answer.Refused(
                    new Failure.PoolEmpty(question.pool(), given.refusal().get()));
        }
        write(question.pool(), question.client(), book);
        IdentityPlan.Pool pool = book.pool();
        return new Answer.Leased(new ClientSettings(given.addresses(), pool.dns(), pool.dnsDomains(), pool.subnets()));
    }

    synchronized void release(String pool, String client) {
        AddressBook book = books.get(pool);
        if (book != null) {
            book.release(client, clock.instant());
            write(pool, client, book);
        }
    }

    private void write(String pool, String client, AddressBook book) {
        book.held(client).ifPresent(held -> {
            ObjectNode body = JSON.createObjectNode();
            held.addresses().forEach(a -> body.withArray("addresses").add(a.toString()));
            held.released().ifPresent(since -> body.put("released", since.toString()));
            writes.put(key(pool, client), JSON.writeValueAsString(body));
        });
    }

    private static String key(String pool, String client) {
        return room(pool) + URLEncoder.encode(client, StandardCharsets.UTF_8);
    }

    private static String room(String pool) {
        return Keys.LEASE + URLEncoder.encode(pool, StandardCharsets.UTF_8) + "/";
    }

    /** Whoever had an address when the process ended is gone since now. */
    private AddressBook read(IdentityPlan.Pool pool) {
        AddressBook book = new AddressBook(pool);
        String room = room(pool.name());
        record Stored(String client, List<Address> addresses, Instant since) {}
        List<Stored> stored = new ArrayList<>();
        for (Document document : store.list(room)) {
            try {
                String client = URLDecoder.decode(document.key().substring(room.length()), StandardCharsets.UTF_8);
                JsonNode body = JSON.readTree(document.body());
                List<Address> addresses = new ArrayList<>();
                body.path("addresses").forEach(a -> addresses.add(Address.parse(a.asString(""))));
                Instant since = Optional.of(body.path("released").asString(""))
                        .filter(text -> !text.isEmpty())
                        .map(Instant::parse)
                        .orElse(clock.instant());
                stored.add(new Stored(client, addresses, since));
            } catch (JacksonException | IllegalArgumentException | DateTimeParseException e) {
                LOG.warn("{} cannot be read and is left out", document.key());
            }
        }
        stored.stream()
                .sorted(java.util.Comparator.comparing(Stored::since))
                .forEach(s -> book.remember(s.client(), s.addresses(), s.since()));
        return book;
    }

    @Override
    public void close() {
        writes.close();
    }
}
