package io.sallyport.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SecretTest {
    @Test
    void printsNothingOfItsContent() {
        Secret secret = Secret.utf8("swordfish");
        assertThat(secret.toString()).isEqualTo("Secret[9 octets]");
        assertThat("" + new Object[] {secret}[0]).doesNotContain("swordfish");
    }

    @Test
    void comparesByContent() {
        assertThat(Secret.utf8("a")).isEqualTo(Secret.utf8("a")).isNotEqualTo(Secret.utf8("b"));
        assertThat(Secret.utf8("ab")).hasSameHashCodeAs(Secret.utf8("cd"));
    }

    @Test
    void isWipedAndThenAnswersNothing() {
        byte[] octets = {1, 2, 3};
        Secret secret = Secret.wrap(octets);
        secret.destroy();
        assertThat(octets).containsOnly(0);
        assertThat(secret.isDestroyed()).isTrue();
        assertThatThrownBy(secret::expose).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secret.slice(0, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void handsOutCopies() {
        Secret secret = Secret.utf8("key");
        secret.expose()[0] = 0;
        assertThat(secret).isEqualTo(Secret.utf8("key"));
    }
}
