package io.sallyport.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.databind.JsonNode;

/** An answer as JSON or YAML. */
final class Rendered {
    private Rendered() {}

    static void print(JsonNode node, Output output, PrintWriter out) {
        switch (output) {
            case json, table ->
                out.println(Client.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
            case yaml -> out.print(yaml(node));
        }
    }

    static String yaml(JsonNode node) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndent(2)
                .build();
        return new Dump(settings).dumpToString(plain(node));
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, @Nullable Object> out = new LinkedHashMap<>();
            node.properties().forEach(p -> out.put(p.getKey(), plain(p.getValue())));
            return out;
        }
        if (node.isArray()) {
            List<@Nullable Object> out = new ArrayList<>();
            node.forEach(item -> out.add(plain(item)));
            return out;
        }
        if (node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isIntegralNumber()) {
            return node.bigIntegerValue();
        }
        return node.isNumber() ? node.decimalValue() : node.asString("");
    }
}
