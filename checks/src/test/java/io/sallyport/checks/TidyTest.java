package io.sallyport.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConstantCaseLabelTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** House rules that no tool has, read from the sources. */
class TidyTest {
    private static final Path ROOT = root();
    private static final Pattern NOT_A_THING = Pattern.compile(".*(Util|Utils|Helper|Helpers|Manager|Impl)");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    private static List<Path> sources;

    @BeforeAll
    static void listSources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            sources = files.filter(f -> f.toString().endsWith(".java"))
                    .filter(f -> !ROOT.relativize(f).toString().contains("target/"))
                    .filter(f -> !ROOT.relativize(f).startsWith("build"))
                    .sorted()
                    .toList();
        }
        assertThat(sources).hasSizeGreaterThan(50);
    }

    @Test
    void everyTypeIsNamedForAThing() throws IOException {
        List<String> found = new ArrayList<>();
        scan(new TreePathScanner<Void, Path>() {
            @Override
            public Void visitClass(ClassTree tree, Path file) {
                if (NOT_A_THING.matcher(tree.getSimpleName()).matches()) {
                    found.add(ROOT.relativize(file) + ": " + tree.getSimpleName());
                }
                return super.visitClass(tree, file);
            }
        });
        assertThat(found).isEmpty();
    }

    /**
     * A {@code default} over a sealed type or an enum hides the next case. Strings and numbers need one, so only
     * switches whose labels are patterns or constants count.
     */
    @Test
    void noDefaultHidesTheNextCase() throws IOException {
        List<String> found = new ArrayList<>();
        scan(new TreePathScanner<Void, Path>() {
            @Override
            public Void visitSwitch(SwitchTree tree, Path file) {
                look(tree.getCases(), file);
                return super.visitSwitch(tree, file);
            }

            @Override
            public Void visitSwitchExpression(SwitchExpressionTree tree, Path file) {
                look(tree.getCases(), file);
                return super.visitSwitchExpression(tree, file);
            }

            private void look(List<? extends CaseTree> cases, Path file) {
                boolean closed = cases.stream()
                        .flatMap(c -> c.getLabels().stream())
                        .anyMatch(label -> label instanceof PatternCaseLabelTree
                                || label instanceof ConstantCaseLabelTree
                                        && label.toString().matches("[A-Z][A-Z0-9_]*"));
                boolean hides = cases.stream()
                        .flatMap(c -> c.getLabels().stream())
                        .anyMatch(label -> label instanceof DefaultCaseLabelTree);
                if (closed && hides && !isNumeric(cases)) {
                    found.add(ROOT.relativize(file) + ": a default beside "
                            + cases.getFirst().getLabels());
                }
            }

            private boolean isNumeric(List<? extends CaseTree> cases) {
                // Named integer constants (protocol numbers) are open sets.
                return cases.stream()
                        .flatMap(c -> c.getLabels().stream())
                        .filter(label -> label instanceof ConstantCaseLabelTree)
                        .anyMatch(label -> sourceDeclaresInt(label.toString()));
            }

            private boolean sourceDeclaresInt(String constant) {
                Pattern declaration = Pattern.compile(
                        "(int|long|byte|short) " + Pattern.quote(constant.replaceAll(".*\\.", "")) + " =");
                return sources.stream()
                        .anyMatch(s -> declaration.matcher(read(s)).find());
            }
        });
        assertThat(found).isEmpty();
    }

    @Test
    void nothingIsLeftUnfinished() {
        List<String> found = new ArrayList<>();
        for (Path source : sources) {
            if (!source.endsWith("TidyTest.java")
                    && UNFINISHED.matcher(read(source)).find()) {
                found.add(ROOT.relativize(source).toString());
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void noTestIsSwitchedOff() {
        List<String> found = new ArrayList<>();
        Pattern off = Pattern.compile("@Disabled|\\bassumeTrue\\(|\\bassumeFalse\\(");
        for (Path source : sources) {
            if (!source.endsWith("TidyTest.java") && off.matcher(read(source)).find()) {
                found.add(ROOT.relativize(source).toString());
            }
        }
        assertThat(found).isEmpty();
    }

    /** Long files are reported, not refused: a size is a smell. */
    @Test
    void filesAreOfASizeThatOneReads() {
        List<String> huge = new ArrayList<>();
        for (Path source : sources) {
            long lines = read(source).lines().count();
            if (lines > 1200) {
                huge.add(ROOT.relativize(source) + ": " + lines + " lines");
            }
        }
        assertThat(huge).isEmpty();
    }

    private static void scan(TreePathScanner<Void, Path> scanner) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            var task = (JavacTask)
                    compiler.getTask(null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources));
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, Path.of(unit.getSourceFile().toUri()));
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("config/pure-rooms.txt"))) {
            at = at.resolve("..").normalize();
        }
        return at;
    }
}
