package io.sallyport.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text with aligned columns. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
        rows.add(List.of(heads));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** One string for each line, without spaces at its end. */
    List<String> lines() {
        int columns = rows.getFirst().size();
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            int column = i;
            widths.add(rows.stream()
                    .mapToInt(r -> r.get(column).codePointCount(0, r.get(column).length()))
                    .max()
                    .orElse(0));
        }
        List<String> out = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row.get(i);
                line.append(cell);
                line.append(" ".repeat(widths.get(i) - cell.codePointCount(0, cell.length())))
                        .append(GAP);
            }
            out.add(line.toString().stripTrailing());
        }
        return out;
    }
}
