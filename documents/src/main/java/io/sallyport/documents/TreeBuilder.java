package io.sallyport.documents;

import io.sallyport.model.document.Node;
import io.sallyport.model.document.Place;
import io.sallyport.model.document.Problems;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/** Makes trees of a parser's events, without recursion. Plain scalars mean what the YAML 1.2 core schema says. */
final class TreeBuilder {
    private final String file;
    private final Problems problems;
    private final List<Node> documents = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private int values;

    /** A list or group whose end has not come yet. */
    private static final class Open {
        private final boolean mapping;
        private final Place place;
        private final List<Node> items = new ArrayList<>();
        private final List<Node.Field> fields = new ArrayList<>();
        private Optional<Node.Text> name = Optional.empty();

        Open(boolean mapping, Place place) {
            this.mapping = mapping;
            this.place = place;
        }
    }

    TreeBuilder(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    List<Node> documents() {
        return documents;
    }

    /** False once something is wrong that makes the rest meaningless. */
    boolean take(Event event) {
        Place place = Documents.place(file, event.getStartMark().orElse(null));
        if (event instanceof AliasEvent
                || event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            return refuse(place, "found an anchor or alias (& or *); allowed: write the value out");
        }
        if (event instanceof NodeEvent && ++values > Documents.VALUES_MAX) {
            return refuse(place, "found more than " + Documents.VALUES_MAX + " values; allowed: fewer in one file");
        }
        return switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event, place);
            case MappingStart ->
                start(true, ((MappingStartEvent) event).getTag().isPresent(), place);
            case SequenceStart ->
                start(false, ((SequenceStartEvent) event).getTag().isPresent(), place);
            case MappingEnd, SequenceEnd -> end();
            case Alias, Comment, DocumentStart, DocumentEnd, StreamStart, StreamEnd -> true;
        };
    }

    private boolean start(boolean mapping, boolean tagged, Place place) {
        if (tagged) {
            return refuse(place, "found a tag (!); allowed: plain values");
        }
        if (open.size() >= Documents.DEPTH_MAX) {
            return refuse(place, "found values nested deeper than " + Documents.DEPTH_MAX);
        }
        Open parent = open.peek();
        if (parent != null && parent.mapping && parent.name.isEmpty()) {
            return refuse(place, "found a group or list as a name; allowed: a text");
        }
        open.push(new Open(mapping, place));
        return true;
    }

    private boolean end() {
        Open done = open.pop();
        Node node = done.mapping ? new Node.Fields(done.fields, done.place) : new Node.Items(done.items, done.place);
        return add(node);
    }

    private boolean scalar(ScalarEvent event, Place place) {
        if (event.getTag().isPresent()) {
            return refuse(place, "found a tag (!); allowed: plain values");
        }
        Open parent = open.peek();
        if (parent != null && parent.mapping && parent.name.isEmpty()) {
            Node.Text name = new Node.Text(event.getValue(), place);
            for (Node.Field field : parent.fields) {
                if (field.name().equals(name.value())) {
                    return refuse(
                            place,
                            "found '" + name.value() + "' a second time in one group; the first is in line "
                                    + field.place().line());
                }
            }
            parent.name = Optional.of(name);
            return true;
        }
        return add(value(event, place));
    }

    private static Node value(ScalarEvent event, Place place) {
        String text = event.getValue();
        if (event.getScalarStyle() != ScalarStyle.PLAIN) {
            return new Node.Text(text, place);
        }
        if (text.matches("|~|null|Null|NULL")) {
            return new Node.Nothing(place);
        }
        if (text.matches("true|True|TRUE|false|False|FALSE")) {
            return new Node.Bool(text.equalsIgnoreCase("true"), place);
        }
        if (text.matches("[-+]?(0|[1-9][0-9]*)(\\.[0-9]*)?([eE][-+]?[0-9]+)?")) {
            return new Node.Num(text, place);
        }
        return new Node.Text(text, place);
    }

    private boolean add(Node node) {
        Open parent = open.peek();
        if (parent == null) {
            documents.add(node);
        } else if (!parent.mapping) {
            parent.items.add(node);
        } else {
            Node.Text name = parent.name.orElseThrow();
            parent.fields.add(new Node.Field(name.value(), name.place(), node));
            parent.name = Optional.empty();
        }
        return true;
    }

    private boolean refuse(Place place, String text) {
        problems.error(place, "", "", text);
        return false;
    }
}
