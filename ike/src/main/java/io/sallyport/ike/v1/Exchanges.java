package io.sallyport.ike.v1;

import io.sallyport.base.Monotonic;
import io.sallyport.ike.IkeAction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** The exchanges below one ISAKMP SA, by message id. */
final class Exchanges {
    private final SequencedMap<Integer, Exchange> byMessageId = new LinkedHashMap<>();
    private final SequencedMap<Long, Exchange> byAsk = new LinkedHashMap<>();
    private final SequencedSet<Integer> used = new LinkedHashSet<>();
    private final Deque<Exchange> waiting = new ArrayDeque<>();

    Optional<Exchange> find(int messageId) {
        return Optional.ofNullable(byMessageId.get(messageId));
    }

    List<Exchange> all() {
        return List.copyOf(byMessageId.values());
    }

    boolean hasRoom() {
        return byMessageId.size() < Limits.EXCHANGES_MAX
                && byMessageId.values().stream().filter(e -> !e.isOver()).count() < Limits.UNFINISHED_MAX;
    }

    void add(Exchange exchange) {
        byMessageId.put(exchange.messageId(), exchange);
    }

    /** RFC 2409 section 5.5: a message id is used once. What was recorded and is sent again finds it used. */
    boolean isNew(int messageId) {
        return !used.contains(messageId);
    }

    void used(int messageId) {
        if (used.size() >= Limits.MESSAGE_IDS_MAX) {
            used.removeFirst();
        }
        used.add(messageId);
    }

    // Ours, one after the other: peers exist that forget one when another begins.

    void enqueue(IkeSa sa, Exchange exchange, Turn turn) {
        if (waiting.size() < Limits.QUEUE_MAX) {
            waiting.addLast(exchange);
        } else {
            exchange.abandon(sa, turn);
        }
        advance(sa, turn);
    }

    void advance(IkeSa sa, Turn turn) {
        while (!waiting.isEmpty()
                && sa.isEstablished()
                && byMessageId.values().stream().noneMatch(Exchange::isBusy)) {
            begin(sa, waiting.removeFirst(), turn);
        }
    }

    /** Begins one that need not wait. */
    void begin(IkeSa sa, Exchange exchange, Turn turn) {
        turn.touch(sa);
        add(exchange);
        used(exchange.messageId());
        exchange.start(sa, turn);
    }

    /** What has not begun goes on with a successor. */
    void bequeath(IkeSa heir, Turn turn) {
        while (!waiting.isEmpty()) {
            heir.enqueue(waiting.removeFirst(), turn);
        }
    }

    // Questions.

    void ask(IkeSa sa, Exchange exchange, IkeAction.Question question, Turn turn) {
        byAsk.put(turn.ask(sa, question), exchange);
    }

    Optional<Exchange> takeAsk(long ask) {
        return Optional.ofNullable(byAsk.remove(ask));
    }

    void end(IkeSa sa, Turn turn) {
        for (Exchange exchange : all()) {
            if (!exchange.isOver()) {
                exchange.abandon(sa, turn);
            }
        }
        byMessageId.clear();
        byAsk.clear();
        while (!waiting.isEmpty()) {
            waiting.removeFirst().abandon(sa, turn);
        }
    }

    // Time.

    void onDeadline(IkeSa sa, Turn turn) {
        for (Exchange exchange : all()) {
            if (exchange.forgetAt().isDue(turn.now())) {
                byMessageId.remove(exchange.messageId());
                continue;
            }
            Optional<Outgoing> pending = exchange.pending();
            if (pending.isPresent() && pending.get().nextAt().isDue(turn.now())) {
                if (pending.get().attempts() >= Limits.ATTEMPTS_MAX) {
                    exchange.over(turn);
                    exchange.onSilence(sa, pending.get().attempts(), turn);
                } else {
                    exchange.pending(pending.get().again(turn.now()));
                    turn.send(sa.local(), sa.remote(), pending.get().datagrams());
                }
            }
        }
        advance(sa, turn);
    }

    Monotonic due() {
        Monotonic at = Monotonic.NEVER;
        for (Exchange exchange : byMessageId.values()) {
            at = at.earlier(exchange.forgetAt())
                    .earlier(exchange.pending().map(Outgoing::nextAt).orElse(Monotonic.NEVER));
        }
        return at;
    }
}
