package io.sallyport.engine.identity;

import io.sallyport.gateway.IdentityPlan;
import io.sallyport.wire.Address;
import io.sallyport.wire.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Who has which addresses of one pool. Only what was given takes memory, never the pool. A client that is gone keeps its
 * addresses for a while; when no fresh one is left, those of the client that is gone for longest are given to others.
 * Used by one thread at a time.
 */
final class AddressBook {
    /** Clients that are gone and whose time is over; beyond it the oldest are forgotten. */
    private static final int REMEMBERED_MAX = 100_000;

    private IdentityPlan.Pool pool;
    private final Map<String, Held> clients = new HashMap<>();
    private final Map<Address, String> holders = new HashMap<>();
    /** Who is gone, longest first. */
    private final SequencedMap<String, Instant> gone = new LinkedHashMap<>();

    private final Map<Prefix, Address> cursors = new HashMap<>();

    /**
     * What a client has.
     *
     * @param released since when it is gone
     */
    record Held(List<Address> addresses, Optional<Instant> released) {
        Held {
            addresses = List.copyOf(addresses);
        }
    }

    /** What was asked for, or why not; and who lost theirs for it. */
    record Given(List<Address> addresses, Optional<String> refusal, List<String> forgotten) {}

    AddressBook(IdentityPlan.Pool pool) {
        this.pool = pool;
    }

    IdentityPlan.Pool pool() {
        return pool;
    }

    void change(IdentityPlan.Pool next) {
        pool = next;
    }

    /** What a client had before a restart. */
    void remember(String client, List<Address> addresses, Instant released) {
        if (addresses.stream().noneMatch(holders::containsKey)) {
            put(client, new Held(addresses, Optional.of(released)));
        }
    }

    Optional<Held> held(String client) {
        return Optional.ofNullable(clients.get(client));
    }

    Given give(String client, boolean ipv4, boolean ipv6, List<Address> wished, Instant now) {
        List<String> forgotten = new ArrayList<>();
        List<Address> before = held(client).map(Held::addresses).orElse(List.of());
        List<Address> out = new ArrayList<>();
        List<String> lacking = new ArrayList<>();
        drop(client);
        for (Address.Family family : Address.Family.values()) {
            if (family == Address.Family.IPV4 ? !ipv4 : !ipv6) {
                continue;
            }
            Optional<Address> found = wished.stream()
                    .filter(a -> a.family() == family && isFree(a))
                    .findFirst()
                    .or(() -> before.stream()
                            .filter(a -> a.family() == family && isFree(a))
                            .findFirst())
                    .or(() -> fresh(family))
                    .or(() -> reused(family, now, forgotten));
            found.ifPresentOrElse(out::add, () -> lacking.add(lack(family)));
        }
        if (out.isEmpty()) {
            return new Given(List.of(), Optional.of(String.join(", and ", lacking)), forgotten);
        }
        put(client, new Held(out, Optional.empty()));
        while (gone.size() > REMEMBERED_MAX && isOver(gone.firstEntry(), now)) {
            forgotten.add(gone.firstEntry().getKey());
            drop(gone.firstEntry().getKey());
        }
        return new Given(out, Optional.empty(), forgotten);
    }

    private String lack(Address.Family family) {
        String name = family == Address.Family.IPV4 ? "IPv4" : "IPv6";
        List<String> of = prefixes(family).map(Prefix::toString).toList();
        return of.isEmpty()
                ? "it has no " + name + " prefix"
                : "all " + name + " addresses of " + String.join(", ", of) + " are given";
    }

    private java.util.stream.Stream<Prefix> prefixes(Address.Family family) {
        return pool.prefixes().stream().filter(p -> p.address().family() == family);
    }

    void release(String client, Instant now) {
        Held held = clients.get(client);
        if (held != null && held.released().isEmpty()) {
            drop(client);
            put(client, new Held(held.addresses(), Optional.of(now)));
        }
    }

    private void put(String client, Held held) {
        clients.put(client, held);
        held.addresses().forEach(a -> holders.put(a, client));
        held.released().ifPresent(since -> gone.put(client, since));
    }

    private void drop(String client) {
        Held held = clients.remove(client);
        gone.remove(client);
        if (held != null) {
            held.addresses().forEach(a -> holders.remove(a, client));
        }
    }

    private boolean isFree(Address address) {
        return !holders.containsKey(address)
                && pool.prefixes().stream().anyMatch(p -> p.contains(address) && isUsable(p, address));
    }

    private static boolean isUsable(Prefix prefix, Address address) {
        return address.compareTo(first(prefix)) >= 0 && address.compareTo(last(prefix)) <= 0;
    }

    private static boolean isTiny(Prefix prefix) {
        return prefix.length() >= prefix.address().family().bits() - 1;
    }

    private static Address first(Prefix prefix) {
        return isTiny(prefix) ? prefix.address() : prefix.address().next();
    }

    private static Address last(Prefix prefix) {
        Address last = prefix.last();
        return isTiny(prefix) || !last.isIpv4() ? last : Address.ipv4((int) (last.low() - 1));
    }

    /** The next one that nobody has; every look beyond the number of those given would find one again. */
    private Optional<Address> fresh(Address.Family family) {
        for (Prefix prefix : prefixes(family).toList()) {
            Address first = first(prefix);
            Address last = last(prefix);
            Address at = cursors.getOrDefault(prefix, first);
            for (int looks = 0; looks <= holders.size(); looks++) {
                Address after = at.equals(last) ? first : at.next();
                if (!holders.containsKey(at)) {
                    cursors.put(prefix, after);
                    return Optional.of(at);
                }
                at = after;
            }
        }
        return Optional.empty();
    }

    private boolean isOver(Map.Entry<String, Instant> entry, Instant now) {
        return !entry.getValue().plus(pool.sticky()).isAfter(now);
    }

    private Optional<Address> reused(Address.Family family, Instant now, List<String> forgotten) {
        for (Map.Entry<String, Instant> entry : gone.entrySet()) {
            if (!isOver(entry, now)) {
                return Optional.empty();
            }
            Optional<Address> found = held(entry.getKey()).map(Held::addresses).orElse(List.of()).stream()
                    .filter(a -> a.family() == family)
                    .filter(a -> pool.prefixes().stream().anyMatch(p -> p.contains(a)))
                    .findFirst();
            if (found.isPresent()) {
                forgotten.add(entry.getKey());
                drop(entry.getKey());
                return found;
            }
        }
        return Optional.empty();
    }
}
