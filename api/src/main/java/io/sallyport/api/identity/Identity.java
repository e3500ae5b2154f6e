package io.sallyport.api.identity;

import io.sallyport.base.Secret;
import io.sallyport.store.Document;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Somebody who may log in.
 *
 * @param name under which it is managed; a user logs in with it
 * @param objectId what role assignments and tokens name
 * @param clientId a service principal logs in with it, or with its name
 * @param tokensFrom tokens issued before are refused
 * @param hash of the password or secret
 */
record Identity(
        String name,
        Kind kind,
        String objectId,
        String clientId,
        String displayName,
        Instant created,
        Instant tokensFrom,
        Secret hash) {
    static final String ROOM = "identity/";
    static final String HASH = "hash";

    /** What logs in how. */
    enum Kind {
        USER("user", "User"),
        SERVICE_PRINCIPAL("servicePrincipal", "ServicePrincipal");

        private final String word;
        private final String principalType;

        Kind(String word, String principalType) {
            this.word = word;
            this.principalType = principalType;
        }

        /** In Sallyport's own documents. */
        String word() {
            return word;
        }

        /** In role assignments. */
        String principalType() {
            return principalType;
        }

        static Optional<Kind> of(String word) {
            for (Kind kind : values()) {
                if (kind.word.equalsIgnoreCase(word)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    String key() {
        return key(name);
    }

    static String key(String name) {
        return ROOM + name.toLowerCase(Locale.ROOT);
    }

    static Identity of(Document document, ObjectNode body) {
        return new Identity(
                body.path("name").asString(""),
                Kind.of(body.path("kind").asString("")).orElse(Kind.USER),
                body.path("objectId").asString(""),
                body.path("clientId").asString(""),
                body.path("displayName").asString(""),
                Instant.parse(body.path("created").asString("")),
                Instant.parse(body.path("tokensFrom").asString("")),
                document.secrets().getOrDefault(HASH, Secret.utf8("")));
    }
}
