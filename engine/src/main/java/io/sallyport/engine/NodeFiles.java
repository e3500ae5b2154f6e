package io.sallyport.engine;

import io.sallyport.base.Bytes;
import io.sallyport.documents.Documents;
import io.sallyport.documents.Source;
import io.sallyport.model.NodeFile;
import io.sallyport.model.document.Node;
import io.sallyport.model.document.Problems;
import io.sallyport.wire.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What this machine lends: from its file, or from looking at its interfaces. */
public final class NodeFiles {
    private NodeFiles() {}

    /**
     * Reads the node file.
     *
     * @throws IOException with one clear line when it cannot be read
     */
    public static Optional<NodeFile> read(Path file, Problems problems) throws IOException {
        List<Source> sources = Documents.sources(file);
        if (sources.size() != 1) {
            throw new IOException(file + ": is a directory; allowed: one file");
        }
        List<Node> documents = Documents.read(sources.getFirst(), problems);
        if (problems.hasErrors()) {
            return Optional.empty();
        }
        Optional<NodeFile> node = NodeFile.read(documents, file.toString(), problems);
        node.ifPresent(n -> n.publicAddresses().forEach(lent -> requireDevice(lent, problems)));
        return problems.hasErrors() ? Optional.empty() : node;
    }

    /** Devices of other namespaces are not seen from here; their addresses are tried when sockets are opened. */
    private static void requireDevice(NodeFile.Lent lent, Problems problems) {
        if (lent.device().isEmpty() || lent.netns().isPresent()) {
            return;
        }
        try {
            List<String> devices = Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .map(NetworkInterface::getName)
                    .sorted()
                    .toList();
            String device = lent.device().get();
            if (!devices.contains(device)) {
                problems.error(
                        lent.address().place(),
                        "node",
                        "publicAddresses.device",
                        "found '" + device + "', which this machine does not have; allowed: "
                                + String.join(", ", devices));
            }
        } catch (SocketException e) {
            problems.error(
                    lent.address().place(),
                    "node",
                    "publicAddresses.device",
                    "devices cannot be listed: " + e.getMessage());
        }
    }

    /** Every address of this machine that others could reach. */
    public static NodeFile ofThisMachine() throws IOException {
        List<Address> addresses = new ArrayList<>();
        try {
            for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(device.getInetAddresses())) {
                    if (!address.isLoopbackAddress() && !address.isLinkLocalAddress()) {
                        addresses.add(Address.of(Bytes.of(address.getAddress())));
                    }
                }
            }
        } catch (SocketException e) {
            throw new IOException("the addresses of this machine cannot be listed: " + e.getMessage(), e);
        }
        return NodeFile.ofMachine("local", addresses);
    }
}
