package io.sallyport.engine.capture;

import io.sallyport.wire.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Which packets are captured, in the words of Azure's {@code filterData}.
 *
 * @param esp whether packets of tunnels are wanted, outside and inside
 * @param ike whether IKE messages are wanted
 * @param packetOctetsMax how much of each packet is kept
 * @param fileOctetsMax where the file ends
 * @param match what a packet must be; absent: any
 */
public record CaptureFilter(boolean esp, boolean ike, int packetOctetsMax, long fileOctetsMax, Optional<Match> match) {
    private static final int FLAG_ESP = 1;
    private static final int FLAG_IKE = 2;
    private static final int FLAG_OVPN = 8;
    private static final int FLAGS_DEFAULT = FLAG_ESP | FLAG_IKE | FLAG_OVPN;
    private static final int PACKET_DEFAULT = 120;
    private static final int PACKET_MAX = 65_535;
    private static final int FILE_DEFAULT_MB = 100;
    private static final int FILE_MAX_MB = 1_000;
    private static final long MB = 1 << 20;
    private static final int LIST_MAX = 100;

    /**
     * What a packet must be; an empty list is no condition.
     *
     * @param tcpFlags all of these must be set; 0: no condition
     * @param bothDirections whether the answers to such packets match too
     */
    public record Match(
            List<Prefix> sources,
            List<Prefix> destinations,
            List<Integer> sourcePorts,
            List<Integer> destinationPorts,
            List<Integer> protocols,
            int tcpFlags,
            boolean bothDirections) {
        public Match {
            sources = List.copyOf(sources);
            destinations = List.copyOf(destinations);
            sourcePorts = List.copyOf(sourcePorts);
            destinationPorts = List.copyOf(destinationPorts);
            protocols = List.copyOf(protocols);
        }

        boolean holds(Headers packet) {
            return (protocols.isEmpty() || protocols.contains(packet.protocol()))
                    && (packet.tcpFlags() & tcpFlags) == tcpFlags
                    && (forth(packet) || bothDirections && forth(packet.reversed()));
        }

        private boolean forth(Headers packet) {
            return (sources.isEmpty() || sources.stream().anyMatch(p -> p.contains(packet.source())))
                    && (destinations.isEmpty() || destinations.stream().anyMatch(p -> p.contains(packet.destination())))
                    && (sourcePorts.isEmpty() || sourcePorts.contains(packet.sourcePort()))
                    && (destinationPorts.isEmpty() || destinationPorts.contains(packet.destinationPort()));
        }
    }

    /**
     * Reads {@code filterData}; a missing node means everything.
     *
     * @throws IllegalArgumentException with one clear line: what was found and what is allowed
     */
    public static CaptureFilter read(JsonNode json) {
        if (!json.isObject() && !json.isMissingNode() && !json.isNull()) {
            throw new IllegalArgumentException("filterData: found no JSON object; allowed: an object with TracingFlags,"
                    + " MaxPacketBufferSize, MaxFileSize and Filters");
        }
        int flags = number(json, "TracingFlags", FLAGS_DEFAULT, 1, FLAGS_DEFAULT);
        int packet = number(json, "MaxPacketBufferSize", PACKET_DEFAULT, 1, PACKET_MAX);
        int file = number(json, "MaxFileSize", FILE_DEFAULT_MB, 1, FILE_MAX_MB);
        JsonNode filters = json.path("Filters");
        if (!filters.isMissingNode() && !filters.isNull() && (!filters.isArray() || filters.size() > 1)) {
            throw new IllegalArgumentException("Filters: found " + (filters.isArray() ? filters.size() : "no list")
                    + "; allowed: a list of at most one filter");
        }
        Optional<Match> match =
                filters.isArray() && !filters.isEmpty() ? Optional.of(match(filters.get(0))) : Optional.empty();
        return new CaptureFilter((flags & FLAG_ESP) != 0, (flags & FLAG_IKE) != 0, packet, file * MB, match);
    }

    private static Match match(JsonNode filter) {
        return new Match(
                prefixes(filter, "SourceSubnets"),
                prefixes(filter, "DestinationSubnets"),
                numbers(filter, "SourcePort", 65_535),
                numbers(filter, "DestinationPort", 65_535),
                numbers(filter, "Protocol", 255),
                number(filter, "TcpFlags", 0, 0, 255),
                !filter.path("CaptureSingleDirectionTrafficOnly").asBoolean(false));
    }

    private static List<Prefix> prefixes(JsonNode filter, String name) {
        List<Prefix> out = new ArrayList<>();
        for (JsonNode each : list(filter, name)) {
            try {
                out.add(Prefix.parse(each.asString("")));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Filters[0]." + name + ": found " + e.getMessage(), e);
            }
        }
        return out;
    }

    private static List<Integer> numbers(JsonNode filter, String name, int max) {
        List<Integer> out = new ArrayList<>();
        for (JsonNode each : list(filter, name)) {
            out.add(number(each, "Filters[0]." + name, 0, max));
        }
        return out;
    }

    /** A value alone is a list of one. */
    private static List<JsonNode> list(JsonNode filter, String name) {
        JsonNode there = filter.path(name);
        if (there.isMissingNode() || there.isNull()) {
            return List.of();
        }
        List<JsonNode> out = new ArrayList<>();
        if (there.isArray()) {
            there.forEach(out::add);
        } else {
            out.add(there);
        }
        if (out.size() > LIST_MAX) {
            throw new IllegalArgumentException(
                    "Filters[0]." + name + ": found " + out.size() + " elements; allowed: " + LIST_MAX);
        }
        return out;
    }

    private static int number(JsonNode json, String name, int otherwise, int min, int max) {
        JsonNode there = json.path(name);
        return there.isMissingNode() || there.isNull() ? otherwise : number(there, name, min, max);
    }

    private static int number(JsonNode there, String name, int min, int max) {
        if (!there.isInt() || there.intValue() < min || there.intValue() > max) {
            throw new IllegalArgumentException(name + ": found '" + there.asString("something else")
                    + "'; allowed: a whole number in " + min + ".." + max);
        }
        return there.intValue();
    }
}
