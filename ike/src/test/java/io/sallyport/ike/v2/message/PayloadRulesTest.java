package io.sallyport.ike.v2.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.base.Malformed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of what each message may carry. */
class PayloadRulesTest {
    private static final List<Payload> ONE_OF_EACH = List.of(
            Samples.SA,
            Samples.KE,
            Samples.ID,
            new Payload.Id(false, 2, Samples.ID.data()),
            Samples.AUTH,
            Samples.NONCE,
            Samples.DELETE,
            Samples.TS,
            new Payload.Ts(false, Samples.TS.selectors()),
            Samples.CERT,
            Samples.EAP,
            Samples.CP);

    private static List<Payload> least(PayloadRules rules) {
        return ONE_OF_EACH.stream().filter(p -> rules.min(p.type()) > 0).toList();
    }

    @ParameterizedTest
    @EnumSource(PayloadRules.class)
    void theLeastIsEnough(PayloadRules rules) {
        assertThatCode(() -> rules.check(least(rules))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(PayloadRules.class)
    void eachMissingPayloadIsNamed(PayloadRules rules) {
        for (Payload missing : least(rules)) {
            List<Payload> payloads = new ArrayList<>(least(rules));
            payloads.remove(missing);
            assertThatThrownBy(() -> rules.check(payloads))
                    .isInstanceOf(Malformed.class)
                    .hasMessageContaining(missing.type().toString());
        }
    }

    @ParameterizedTest
    @EnumSource(PayloadRules.class)
    void eachPayloadTooManyIsNamed(PayloadRules rules) {
        for (Payload extra : ONE_OF_EACH) {
            List<Payload> payloads = new ArrayList<>(least(rules));
            for (int i = 0; i <= rules.max(extra.type()); i++) {
                payloads.add(extra);
            }
            assertThatThrownBy(() -> rules.check(payloads))
                    .isInstanceOf(Malformed.class)
                    .hasMessageContaining(extra.type().toString());
        }
    }

    @ParameterizedTest
    @EnumSource(PayloadRules.class)
    void nothingUnprotectedMayCarryWhatMustBeProtected(PayloadRules rules) {
        for (Payload payload : ONE_OF_EACH) {
            if (!rules.isProtected() && !(payload instanceof Payload.Open)) {
                assertThat(rules.max(payload.type())).isZero();
            }
        }
    }
}
