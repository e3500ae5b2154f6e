package io.sallyport.api.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.api.arm.Refused;
import io.sallyport.base.Secret;
import io.sallyport.store.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;

/** No text but one that was signed here gets anybody in. */
class TokensFuzzTest {
    private static final Tokens TOKENS = open();
    private static final String GOOD = TOKENS.access(
            new Identity(
                    "x",
                    Identity.Kind.USER,
                    "00000000-0000-0000-0000-000000000001",
                    "",
                    "",
                    Instant.EPOCH,
                    Instant.EPOCH,
                    Secret.utf8("")),
            "https://gw",
            "https://gw",
            "cli");

    private static Tokens open() {
        try {
            Path directory = Files.createTempDirectory("tokens");
            return new Tokens(new MemoryStore(), Clock.systemUTC(), directory.resolve("token.key"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FuzzTest
    void everyOtherTextIsRefused(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        if (!text.equals(GOOD)) {
            assertRefused(text);
        }
    }

    /** The last sign of an ES256 signature has four bits that say nothing: the decoder ignores them. */
    @FuzzTest
    void everyChangeOfAGoodTokenIsRefused(FuzzedDataProvider data) {
        int at = data.consumeInt(0, GOOD.length() - 2);
        char other = data.consumeChar();
        if (GOOD.charAt(at) != other) {
            assertRefused(GOOD.substring(0, at) + other + GOOD.substring(at + 1));
        }
    }

    private static void assertRefused(String text) {
        try {
            assertThat(TOKENS.verify(text)).as("a foreign token").isNull();
        } catch (Refused e) {
            assertThat(e.error().status()).isEqualTo(401);
            assertThat(e.error().message()).doesNotContain(text.length() > 20 ? text : "\u0000");
        }
    }
}
