package io.sallyport.api.identity;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Azure's three general roles, under the ids that they have there. */
enum Role {
    OWNER("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", "Everything, and who may do what.", "*", ""),
    CONTRIBUTOR(
            "b24988ac-6180-42a0-ab88-20f7382dd24c",
            "Contributor",
            "Everything but who may do what.",
            "*",
            "Microsoft.Authorization/*/write Microsoft.Authorization/*/delete"
                    + " Microsoft.Authorization/elevateAccess/Action Microsoft.Resources/subscriptions/write"
                    + " Sallyport.Identity/*"),
    READER(
            "acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "Reader",
            "Sees everything but keys; changes nothing.",
            "*/read",
            "Sallyport.Identity/*");

    private final String guid;
    private final String title;
    private final String description;
    private final String actions;
    private final String notActions;

    Role(String guid, String title, String description, String actions, String notActions) {
        this.guid = guid;
        this.title = title;
        this.description = description;
        this.actions = actions;
        this.notActions = notActions;
    }

    String guid() {
        return guid;
    }

    String title() {
        return title;
    }

    String description() {
        return description;
    }

    List<String> actions() {
        return list(actions);
    }

    List<String> notActions() {
        return list(notActions);
    }

    private static List<String> list(String words) {
        return words.isEmpty() ? List.of() : List.of(words.split(" ", -1));
    }

    /** By the GUID or by an id that ends with it. */
    static Optional<Role> of(String id) {
        String guid = id.substring(id.lastIndexOf('/') + 1);
        for (Role role : values()) {
            if (role.guid.equalsIgnoreCase(guid)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    boolean allows(String action) {
        String wanted = action.toLowerCase(Locale.ROOT);
        return actions().stream().anyMatch(a -> matches(a, wanted))
                && notActions().stream().noneMatch(a -> matches(a, wanted));
    }

    /** A pattern holds at most one star. */
    private static boolean matches(String pattern, String action) {
        String lower = pattern.toLowerCase(Locale.ROOT);
        int star = lower.indexOf('*');
        if (star < 0) {
            return lower.equals(action);
        }
        String start = lower.substring(0, star);
        String end = lower.substring(star + 1);
        return action.length() >= start.length() + end.length() && action.startsWith(start) && action.endsWith(end);
    }
}
