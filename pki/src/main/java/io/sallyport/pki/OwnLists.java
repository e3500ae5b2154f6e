package io.sallyport.pki;

import io.sallyport.base.Bytes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;

/** The CRLs that lie beside our own authority: {@code *.crl}, DER. Read again when they change. */
public final class OwnLists implements Supplier<List<Bytes>> {
    private static final int MOST = 16;

    private final Path directory;
    private final SequencedMap<Path, Read> read = new LinkedHashMap<>();

    /** @param stamp time and inode: what is replaced within one tick of the clock is another file */
    private record Read(String stamp, Bytes octets) {}

    public OwnLists(Path directory) {
        this.directory = directory;
    }

    @Override
    public synchronized List<Bytes> get() {
        List<Bytes> out = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return out;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.crl")) {
            for (Path file : files) {
                String stamp = Files.getLastModifiedTime(file) + " " + Files.getAttribute(file, "unix:ino");
                Read before = read.get(file);
                if (before == null || !before.stamp().equals(stamp)) {
                    if (Files.size(file) > Crl.SIZE_MAX || read.size() >= MOST && before == null) {
                        continue;
                    }
                    before = new Read(stamp, Bytes.wrap(Files.readAllBytes(file)));
                    read.put(file, before);
                }
                out.add(before.octets());
            }
        } catch (IOException e) {
            return out;
        }
        return out;
    }
}
