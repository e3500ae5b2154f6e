package io.sallyport.documents;

import io.sallyport.model.document.Node;
import io.sallyport.model.document.Place;
import io.sallyport.model.document.Problems;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML, of which JSON is a part, into trees with places. The texts come from people, so everything is bounded:
 * size, depth, number of values; there are no aliases to multiply them with, and a name may stand only once.
 */
public final class Documents {
    /** Some ten thousand connections. */
    public static final int SOURCE_MAX = 10 * 1024 * 1024;

    static final int DEPTH_MAX = 64;
    static final int VALUES_MAX = 1_000_000;
    private static final int FILES_MAX = 10_000;

    private Documents() {}

    /**
     * Every document of {@code source}; empty ones are left out. A list of resources at the top is the same as each in
     * a document of its own.
     */
    public static List<Node> read(Source source, Problems problems) {
        String text = source.text();
        if (text.length() > SOURCE_MAX) {
            problems.error(
                    Place.wholeFile(source.file()),
                    "",
                    "",
                    "found " + text.length() + " characters; allowed: at most " + SOURCE_MAX);
            return List.of();
        }
        // JSON may be indented with tabs, YAML may not; inside a JSON text a bare tab cannot be.
        String start = text.stripLeading();
        boolean json = start.startsWith("{") || start.startsWith("[");
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source.file())
                .setUseMarks(true)
                .setCodePointLimit(SOURCE_MAX + 1)
                .build();
        TreeBuilder builder = new TreeBuilder(source.file(), problems);
        try {
            for (Event event : new Parse(settings).parseString(json ? text.replace('\t', ' ') : text)) {
                if (!builder.take(event)) {
                    return List.of();
                }
            }
        } catch (MarkedYamlEngineException e) {
            // The exception's own message quotes the text, which may be a secret.
            problems.error(
                    place(source.file(), e.getProblemMark().orElse(null)),
                    "",
                    "",
                    "this is not YAML or JSON: " + String.valueOf(e.getProblem()));
            return List.of();
        } catch (YamlEngineException e) {
            problems.error(Place.wholeFile(source.file()), "", "", "this is not YAML or JSON");
            return List.of();
        }
        List<Node> out = new ArrayList<>();
        for (Node document : builder.documents()) {
            switch (document) {
                case Node.Nothing _ -> {}
                case Node.Items list -> out.addAll(list.items());
                case Node.Fields _, Node.Text _, Node.Num _, Node.Bool _ -> out.add(document);
            }
        }
        return out;
    }

    /**
     * The file, or every {@code .yaml}, {@code .yml} and {@code .json} file of the directory, by name.
     *
     * @throws IOException with one clear line
     */
    public static List<Source> sources(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            List<Source> out = new ArrayList<>();
            try (Stream<Path> files = Files.list(path)) {
                for (Path file : files.filter(Documents::isDocument)
                        .sorted()
                        .limit(FILES_MAX)
                        .toList()) {
                    out.add(source(file));
                }
            }
            if (out.isEmpty()) {
                throw new IOException(path + ": no .yaml, .yml or .json file in this directory");
            }
            return out;
        }
        return List.of(source(path));
    }

    private static Source source(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException(file + ": no such file");
        }
        if (!Files.isReadable(file)) {
            throw new IOException(file + ": may not be read by this user");
        }
        if (Files.size(file) > SOURCE_MAX) {
            throw new IOException(file + ": found " + Files.size(file) + " octets; allowed: at most " + SOURCE_MAX);
        }
        try {
            return new Source(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": is not UTF-8 text", e);
        }
    }

    private static boolean isDocument(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
    }

    static Place place(String file, @Nullable Mark mark) {
        return mark == null ? Place.wholeFile(file) : new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
