package io.sallyport.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A document that says "this test shows it" is right: the test is there. */
class NamedTestsTest {
    /** docs/interop.md is not among them: the tests themselves write it. */
    private static final List<String> DOCUMENTS =
            List.of("docs/attacks.md", "docs/interop-coverage.md", "docs/checks.md");
    /** {@code ClassTest}, {@code ClassTest.method}, or {@code ClassTest.beginOfAMethod…}. */
    private static final Pattern NAMED = Pattern.compile("\\b([A-Z][A-Za-z0-9]*Test)\\b(?:\\.([a-z][A-Za-z0-9]*…?))?");

    @Test
    void everyTestThatADocumentNamesIsThere() throws IOException {
        Map<String, String> tests = tests();
        assertThat(tests).hasSizeGreaterThan(50);
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (String document : DOCUMENTS) {
            Matcher matcher = NAMED.matcher(Files.readString(TidyTest.root().resolve(document)));
            while (matcher.find()) {
                named++;
                String source = tests.getOrDefault(matcher.group(1), "");
                String method = matcher.group(2);
                boolean found = method == null
                        ? !source.isEmpty()
                        : source.contains("void " + (method.endsWith("…") ? method.replace("…", "") : method + "("));
                if (!found) {
                    missing.add(document + ": " + matcher.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(100);
    }

    /** Sources by the name of the class; those of one name are put together. */
    private static Map<String, String> tests() throws IOException {
        Map<String, String> out = new TreeMap<>();
        try (Stream<Path> files = Files.walk(TidyTest.root())) {
            for (Path file : files.filter(f -> f.toString().contains("src/test/java"))
                    .filter(f -> f.toString().endsWith("Test.java"))
                    .toList()) {
                out.merge(file.getFileName().toString().replace(".java", ""), Files.readString(file), String::concat);
            }
        }
        return out;
    }
}
