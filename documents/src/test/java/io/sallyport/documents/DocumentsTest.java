package io.sallyport.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.model.document.Node;
import io.sallyport.model.document.Place;
import io.sallyport.model.document.Problem;
import io.sallyport.model.document.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {
    private final Problems problems = new Problems();

    @Test
    void valuesRememberWhereTheyStand() {
        Node.Fields fields = (Node.Fields) read("a: 1\nb:\n  - true\n  - 'x'\n").getFirst();
        assertThat(fields.field("a")).contains(new Node.Num("1", new Place("f", 1, 4)));
        Node.Items items = (Node.Items) fields.field("b").orElseThrow();
        assertThat(items.items())
                .containsExactly(new Node.Bool(true, new Place("f", 3, 5)), new Node.Text("x", new Place("f", 4, 5)));
    }

    @Test
    void scalarsMeanWhatTheCoreSchemaSays() {
        Node.Fields fields = (Node.Fields)
                read("v: [null, ~, no, 'true', 0123, 1e3, 1.5, -7, \"12\"]\n").getFirst();
        Node.Items items = (Node.Items) fields.field("v").orElseThrow();
        assertThat(items.items().stream().map(Node::kind))
                .containsExactly(
                        "nothing",
                        "nothing",
                        "a text",
                        "a text",
                        "a text",
                        "a number",
                        "a number",
                        "a number",
                        "a text");
    }

    @Test
    void jsonWithTabsIsRead() {
        List<Node> nodes = read("[\n\t{ \"a\": 1 },\n\t{ \"a\": 2 }\n]\n");
        assertThat(nodes).hasSize(2);
        assertThat(problems.errors()).isEmpty();
    }

    @Test
    void emptyDocumentsAreLeftOut() {
        assertThat(read("---\n---\na: 1\n---\n")).hasSize(1);
        assertThat(read("")).isEmpty();
        assertThat(read("# only a comment\n")).isEmpty();
    }

    @Test
    void aNameMayStandOnlyOnceInAGroup() {
        read("a: 1\nb: 2\na: 3\n");
        assertThat(lines()).containsExactly("f:3: found 'a' a second time in one group; the first is in line 1");
    }

    @Test
    void deepNestingIsRefusedAndDoesNotOverflow() {
        read("[".repeat(100_000));
        assertThat(lines()).containsExactly("f:1: found values nested deeper than 64");
    }

    @Test
    void aliasesThatWouldMultiplyAreRefused() {
        read("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n");
        assertThat(lines()).containsExactly("f:1: found an anchor or alias (& or *); allowed: write the value out");
    }

    @Test
    void tooMuchTextIsRefused() {
        assertThat(read("x".repeat(Documents.SOURCE_MAX + 1))).isEmpty();
        assertThat(lines().getFirst()).contains("allowed: at most " + Documents.SOURCE_MAX);
    }

    @Test
    void noRandomTextDoesMoreThanReportAProblem() {
        SplittableRandom random = new SplittableRandom(11);
        String alphabet = "{}[]:,-?&*!|>'\"%@` \n\tab01#\u0000\u0085\ufeff\ud83d";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(40); j > 0; j--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Documents.read(new Source("f", text.toString()), new Problems());
        }
    }

    @Test
    void aSourceAndATreeDoNotPrintTheirText() {
        Source source = new Source("f", "sharedKey: hunter2\n");
        assertThat(source.toString()).doesNotContain("hunter2");
        assertThat(read(source.text()).toString()).doesNotContain("hunter2");
    }

    @Test
    void ofADirectoryEveryDocumentIsReadInOrder(@TempDir Path dir) throws IOException {
        Files.writeString(dir.resolve("b.yaml"), "b: 1");
        Files.writeString(dir.resolve("a.json"), "{}");
        Files.writeString(dir.resolve("c.txt"), "no");
        Files.writeString(dir.resolve(".hidden.yaml"), "no");
        assertThat(Documents.sources(dir).stream()
                        .map(s -> Path.of(s.file()).getFileName().toString()))
                .containsExactly("a.json", "b.yaml");
    }

    @Test
    void whatCannotBeReadIsSaidInOneLine(@TempDir Path dir) throws IOException {
        assertThatThrownBy(() -> Documents.sources(dir)).hasMessageContaining("no .yaml, .yml or .json file");
        assertThatThrownBy(() -> Documents.sources(dir.resolve("x"))).hasMessageEndingWith("x: no such file");
        Path latin = dir.resolve("latin.yaml");
        Files.write(latin, new byte[] {(byte) 0xff, 'a'});
        assertThatThrownBy(() -> Documents.sources(latin)).hasMessageContaining("is not UTF-8 text");
    }

    private List<Node> read(String text) {
        return Documents.read(new Source("f", text), problems);
    }

    private List<String> lines() {
        return problems.errors().stream().map(Problem::toString).toList();
    }
}
