package io.sallyport.model.document;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects everything that is wrong, so that a person need not find one mistake per attempt. */
public final class Problems {
    /** More than anybody corrects in one go. */
    private static final int PROBLEMS_MAX = 200;

    private final List<Problem> found = new ArrayList<>();

    public void error(Place place, String subject, String path, String text) {
        add(new Problem(Problem.Severity.ERROR, place, subject, path, text));
    }

    public void warning(Place place, String subject, String path, String text) {
        add(new Problem(Problem.Severity.WARNING, place, subject, path, text));
    }

    private void add(Problem problem) {
        if (found.size() < PROBLEMS_MAX && !found.contains(problem)) {
            found.add(problem);
        }
    }

    public boolean hasErrors() {
        return found.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    }

    /** In the order of files and lines. */
    public List<Problem> errors() {
        return of(Problem.Severity.ERROR);
    }

    public List<Problem> warnings() {
        return of(Problem.Severity.WARNING);
    }

    private List<Problem> of(Problem.Severity severity) {
        return found.stream()
                .filter(p -> p.severity() == severity)
                .sorted(Comparator.comparing((Problem p) -> p.place().file())
                        .thenComparing(p -> p.place().line())
                        .thenComparing(p -> p.place().column()))
                .toList();
    }
}
