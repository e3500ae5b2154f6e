package io.sallyport.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/rfc-index.md names, for every section of an RFC that the sources cite, the files that obey it. */
class RfcIndexTest {
    private static final Pattern CITATION = Pattern.compile("RFC (\\d{4,5})(?:,? section (\\d+(?:\\.\\d+)*))?");

    @Test
    void theIndexIsCurrent() throws IOException {
        Path index = TidyTest.root().resolve("docs/rfc-index.md");
        String made = index();
        if (Boolean.getBoolean("sallyport.write")) {
            Files.createDirectories(index.getParent());
            Files.writeString(index, made);
        }
        assertThat(Files.readString(index))
                .as("docs/rfc-index.md is written anew by ./check index")
                .isEqualTo(made);
    }

    private static String index() throws IOException {
        TreeMap<Integer, TreeMap<String, TreeSet<String>>> cited = new TreeMap<>();
        Path root = TidyTest.root();
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(f -> f.toString().contains("src/main/java")
                            && f.toString().endsWith(".java"))
                    .filter(f -> !root.relativize(f).startsWith("build"))
                    .sorted()
                    .forEach(sources::add);
        }
        for (Path source : sources) {
            String text = Files.readString(source).replaceAll("\\s*\\n\\s*(//|\\*)?\\s*", " ");
            Matcher matcher = CITATION.matcher(text);
            while (matcher.find()) {
                String section = matcher.group(2) == null ? "" : matcher.group(2);
                String file = root.relativize(source).toString().replaceAll("src/main/java/io/sallyport/", "");
                cited.computeIfAbsent(Integer.parseInt(matcher.group(1)), _ -> new TreeMap<>(RfcIndexTest::bySection))
                        .computeIfAbsent(section, _ -> new TreeSet<>())
                        .add(file);
            }
        }
        StringBuilder out = new StringBuilder(
                "# Which file obeys which section\n\nMade from the sources; `./check index`" + " writes it anew.\n");
        cited.forEach((rfc, sections) -> {
            out.append("\n## RFC ").append(rfc).append("\n\n");
            sections.forEach((section, files) -> out.append("- ")
                    .append(section.isEmpty() ? "as a whole" : section)
                    .append(": ")
                    .append(String.join(", ", files))
                    .append('\n'));
        });
        return out.toString();
    }

    private static int bySection(String a, String b) {
        String[] as = a.split("\\.");
        String[] bs = b.split("\\.");
        for (int i = 0; i < Math.min(as.length, bs.length); i++) {
            int order = Integer.compare(number(as[i]), number(bs[i]));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(as.length, bs.length);
    }

    private static int number(String part) {
        return part.isEmpty() ? -1 : Integer.parseInt(part);
    }
}
