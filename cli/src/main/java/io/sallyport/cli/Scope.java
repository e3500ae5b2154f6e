package io.sallyport.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Whose resources a verb means. */
final class Scope {
    static final String LOCAL_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
    static final String LOCAL_GROUP = "local";
    private static final Pattern ID =
            Pattern.compile("/subscriptions/[^/\\s']+/resourceGroups/[^/\\s']+/providers/[^/\\s']+(/[\\w.()-]+)+");

    @Option(
            names = {"-g", "--resource-group"},
            paramLabel = "GROUP",
            defaultValue = LOCAL_GROUP,
            description = "The resource group. Default: local.")
    private String group = LOCAL_GROUP;

    @Option(
            names = "--subscription",
            paramLabel = "ID",
            defaultValue = LOCAL_SUBSCRIPTION,
            description = "The subscription's id. Default: the gateway's own.")
    private String subscription = LOCAL_SUBSCRIPTION;

    String group() {
        return group;
    }

    String subscriptionId() {
        return subscription;
    }

    String subscriptionPath() {
        return "/subscriptions/" + subscription;
    }

    String groupPath(String name) {
        return subscriptionPath() + "/resourceGroups/" + name;
    }

    /** {@code name} may have its group in front, as {@code status} shows it: {@code group:name}. */
    String id(String type, String name) {
        int colon = name.indexOf(':');
        return groupPath(colon < 0 ? group : name.substring(0, colon)) + "/providers/Microsoft.Network/" + type + "/"
                + name.substring(colon + 1);
    }

    /** The text with every id in it made brief. */
    static String briefly(String text) {
        return ID.matcher(text).replaceAll(id -> Matcher.quoteReplacement(brief(id.group())));
    }

    /** {@code type/name} of the local group, {@code group:type/name} of another. */
    static String brief(String id) {
        String[] parts = id.split("/", -1);
        if (parts.length < 9) {
            return id;
        }
        String tail = String.join("/", java.util.Arrays.asList(parts).subList(7, parts.length));
        return (parts[4].equalsIgnoreCase(LOCAL_GROUP) ? "" : parts[4] + ":") + tail;
    }
}
