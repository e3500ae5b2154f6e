package io.sallyport.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code sallyport capture}. */
@Command(
        name = "capture",
        mixinStandardHelpOptions = true,
        subcommands = {Capture.Start.class, Capture.Stop.class},
        synopsisSubcommandLabel = "start|stop",
        description = {
            "Captures packets of a gateway or of one connection: those outside, encrypted, and those inside, as pcapng.",
            "Reads with Wireshark, tshark and tcpdump."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sallyport capture start connection hub-to-branch",
            "  sallyport capture start gateway hub-gw --source 10.1.0.0/16 --port 443",
            "  sallyport capture stop connection hub-to-branch --to hub-to-branch.pcapng"
        })
final class Capture implements Runnable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @picocli.CommandLine.Spec
    @SuppressWarnings("NullAway.Init")
    private picocli.CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(
                spec.commandLine(), "start or stop is missing; sallyport capture --help");
    }

    /** What both have in common. */
    abstract static class OfResource extends Verb {
        @Parameters(index = "0", paramLabel = "gateway|connection", description = "Of what.")
        private String type = "";

        @Parameters(index = "1", paramLabel = "NAME", description = "Of which.")
        private String name = "";

        String id() throws Refusal {
            Types wanted = Types.said(type);
            return switch (wanted) {
                case VIRTUAL_NETWORK_GATEWAYS, CONNECTIONS -> scope().id(wanted.armName(), name);
                case VIRTUAL_NETWORKS,
                        PUBLIC_IP_ADDRESSES,
                        PUBLIC_IP_PREFIXES,
                        LOCAL_NETWORK_GATEWAYS,
                        ROUTE_TABLES,
                        NETWORK_SECURITY_GROUPS,
                        EXPRESS_ROUTE_CIRCUITS ->
                    throw new Refusal("found '" + type + "'; allowed: gateway, connection");
            };
        }

        String name() {
            return name;
        }
    }

    /** {@code sallyport capture start}. */
    @Command(
            name = "start",
            description = "Begins to write packets to a file of the gateway.",
            footer = {
                "  sallyport capture start connection hub-to-branch",
                "  sallyport capture start gateway hub-gw --ike --max-file-size 50"
            })
    static final class Start extends OfResource {
        /** Azure's TracingFlags. */
        private static final int ESP = 1;

        private static final int IKE = 2;

        @Option(names = "--ike", description = "Only IKE messages; with --esp both. Default: both.")
        private boolean ike;

        @Option(names = "--esp", description = "Only ESP and the packets inside it.")
        private boolean esp;

        @Option(names = "--source", paramLabel = "PREFIX", description = "Only packets from there.")
        private List<String> sources = new ArrayList<>();

        @Option(names = "--destination", paramLabel = "PREFIX", description = "Only packets to there.")
        private List<String> destinations = new ArrayList<>();

        @Option(names = "--port", paramLabel = "PORT", description = "Only packets to this port.")
        private List<Integer> ports = new ArrayList<>();

        @Option(names = "--protocol", paramLabel = "NUMBER", description = "Only this IP protocol, such as 6 for TCP.")
        private List<Integer> protocols = new ArrayList<>();

        @Option(names = "--one-direction", description = "Leaves out the answers to what the filter finds.")
        private boolean oneDirection;

        @Option(names = "--snap", paramLabel = "OCTETS", description = "Of each packet at most this many octets.")
        private @Nullable Integer snap;

        @Option(names = "--max-file-size", paramLabel = "MB", description = "Ends when the file is this large.")
        private @Nullable Integer maxFileSize;

        @Override
        int run(Client client) throws Refusal {
            ObjectNode body = Client.JSON.createObjectNode();
            body.put("filterData", Client.JSON.writeValueAsString(filter()));
            client.finish("POST", id() + "/startPacketCapture", body, PATIENCE, progress("starting"));
            out().println("capturing; sallyport capture stop … ends it and fetches the file");
            return 0;
        }

        /** In Azure's words. */
        private ObjectNode filter() {
            ObjectNode filter = Client.JSON.createObjectNode();
            int flags = (ike ? IKE : 0) | (esp ? ESP : 0);
            filter.put("TracingFlags", flags == 0 ? ESP | IKE : flags);
            if (snap != null) {
                filter.put("MaxPacketBufferSize", snap);
            }
            if (maxFileSize != null) {
                filter.put("MaxFileSize", maxFileSize);
            }
            boolean any = !(sources.isEmpty() && destinations.isEmpty() && ports.isEmpty() && protocols.isEmpty());
            if (any || oneDirection) {
                ObjectNode one = filter.putArray("Filters").addObject();
                texts(one, "SourceSubnets", sources);
                texts(one, "DestinationSubnets", destinations);
                numbers(one, "DestinationPort", ports);
                numbers(one, "Protocol", protocols);
                one.put("CaptureSingleDirectionTrafficOnly", oneDirection);
            }
            return filter;
        }

        private static void texts(ObjectNode out, String name, List<String> values) {
            if (!values.isEmpty()) {
                ArrayNode list = out.putArray(name);
                values.forEach(list::add);
            }
        }

        private static void numbers(ObjectNode out, String name, List<Integer> values) {
            if (!values.isEmpty()) {
                ArrayNode list = out.putArray(name);
                values.forEach(list::add);
            }
        }
    }

    /** {@code sallyport capture stop}. */
    @Command(
            name = "stop",
            description = "Ends a capture and fetches its file.",
            footer = {
                "  sallyport capture stop connection hub-to-branch",
                "  sallyport capture stop gateway hub-gw --to /tmp/hub.pcapng"
            })
    static final class Stop extends OfResource {
        @Option(names = "--to", paramLabel = "FILE", description = "Where to put it. Default: NAME.pcapng here.")
        private @Nullable Path to;

        @Override
        int run(Client client) throws Refusal {
            String id = id();
            Path file = to == null ? Path.of(name().replace(':', '-') + ".pcapng") : to;
            if (Files.exists(file)) {
                throw new Refusal(file + ": exists already; name another with --to FILE");
            }
            JsonNode link = client.finish(
                            "POST",
                            id + "/stopPacketCapture",
                            Client.JSON.createObjectNode(),
                            PATIENCE,
                            progress("stopping"))
                    .body();
            byte[] octets = download(client, link.asString(""));
            try {
                Files.write(file, octets, StandardOpenOption.CREATE_NEW);
            } catch (IOException e) {
                throw new Refusal(file + ": cannot be written: " + e.getMessage());
            }
            out().println(file + ": " + Words.bytes(octets.length) + "; reads with wireshark " + file);
            return 0;
        }

        /** The link is absolute, or a path of the gateway that was asked. */
        private static byte[] download(Client client, String link) throws Refusal {
            String path = link.toLowerCase(Locale.ROOT).startsWith("https://")
                    ? link.replaceFirst("^https://[^/]+", "")
                    : link;
            JsonNode body = client.call("GET", path, null).body();
            try {
                return body.binaryValue();
            } catch (RuntimeException e) {
                throw new Refusal("the gateway's answer is no file");
            }
        }
    }
}
