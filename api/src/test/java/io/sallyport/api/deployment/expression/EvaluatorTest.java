package io.sallyport.api.deployment.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EvaluatorTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Evaluator.Context NOTHING = new Evaluator.Context() {
        @Override
        public Optional<JsonNode> call(String name, List<JsonNode> arguments) {
            return Optional.empty();
        }

        @Override
        public List<String> names() {
            return List.of();
        }

        @Override
        public JsonNode inLoop(String name, int index, Supplier<JsonNode> body) {
            return body.get();
        }
    };

    private static JsonNode value(String expression) {
        return new Evaluator(NOTHING).value(JSON.valueToTree("[" + expression + "]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            concat('a', 1, true())                                    | a1True
            format('{0}-{1:D3} {{x}}', 'a', 7)                        | a-007 {x}
            toLower('ABC')                                            | abc
            toUpper('abc')                                            | ABC
            trim('  a ')                                              | a
            substring('abcdef', 2, 3)                                 | cde
            replace('a.b.c', '.', '-')                                | a-b-c
            split('a,b', ',')                                         | ["a","b"]
            split('a,b;c', createArray(',', ';'))                     | ["a","b","c"]
            join(createArray('a', 'b'), '/')                          | a/b
            length('abc')                                             | 3
            length(createArray(1, 2))                                 | 2
            first('abc')                                              | a
            last(createArray(1, 2))                                   | 2
            contains('abc', 'b')                                      | true
            contains(createArray('a'), 'b')                           | false
            contains(createObject('Key', 1), 'key')                   | true
            empty('')                                                 | true
            empty(createArray(1))                                     | false
            union(createArray(1, 2), createArray(2, 3))               | [1,2,3]
            union(createObject('a', 1), createObject('b', 2))         | {"a":1,"b":2}
            intersection(createArray(1, 2), createArray(2, 3))        | [2]
            array('a')                                                | ["a"]
            json('{"a":1}').a                                       | 1
            string(12)                                                | 12
            int('42')                                                 | 42
            bool('TRUE')                                              | true
            add(1, 2)                                                 | 3
            sub(1, 2)                                                 | -1
            mul(3, 4)                                                 | 12
            div(7, 2)                                                 | 3
            mod(7, 2)                                                 | 1
            min(3, 1, 2)                                              | 1
            max(createArray(3, 1, 2))                                 | 3
            range(5, 3)                                               | [5,6,7]
            take('abc', 2)                                            | ab
            skip(createArray(1, 2, 3), 1)                             | [2,3]
            startsWith('abc', 'AB')                                   | true
            endsWith('abc', 'BC')                                     | true
            indexOf('abc', 'C')                                       | 2
            padLeft('7', 3, '0')                                      | 007
            base64('abc')                                             | YWJj
            base64ToString('YWJj')                                    | abc
            uri('https://x/y/', 'z')                                  | https://x/y/z
            uriComponent('a b')                                       | a%20b
            coalesce(null(), 'a')                                     | a
            if(true(), 'a', substring('', 5, 5))                      | a
            and(true(), not(false()))                                 | true
            or(false(), equals('a', 'a'))                             | true
            less(1, 2)                                                | true
            greaterOrEquals('b', 'a')                                 | true
            cidrSubnet('10.1.0.0/16', 27, 2040)                       | 10.1.255.0/27
            cidrSubnet('fd00::/48', 64, 3)                            | fd00:0:0:3::/64
            cidrHost('10.1.0.0/24', 3)                                | 10.1.0.4
            parseCidr('10.1.2.3/24').lastUsable                       | 10.1.2.254
            parseCidr('10.1.2.3/20').netmask                          | 255.255.240.0
            createArray('a', createObject('x', 'y'))[1].x             | y
            createObject('x', 1).?missing                             | null
            'it''s'                                                   | it's
            """)
    void functionsAnswerAsDocumented(String expression, String expected) {
        JsonNode found = value(expression);
        assertThat(found.isString() ? found.stringValue() : found.toString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            concat('a'                        | found the end
            concat('a' 'b')                   | expected ','
            'a                                | closing quote
            conca('a')                        | did you mean concat()?
            add(1)                            | found 1 arguments of add(); allowed: 2
            add('a', 1)                       | allowed: a whole number
            div(1, 0)                         | has no answer
            createArray(1)[4]                 | of 1 elements
            createObject('a', 1).b            | it has: a
            map(createArray(), 1)             | map() is not supported
            cidrSubnet('10.0.0.0/24', 25, 2)  | a number below 2
            substring('abc', 2, 5)            | allowed: a whole number in 0..1
            my.own('a')                       | functions that a template defines itself
            range(0, 10001)                   | allowed: a whole number in 0..10000
            """)
    void whatIsWrongIsSaidInASentence(String expression, String expected) {
        assertThatThrownBy(() -> value(expression))
                .isInstanceOf(TemplateFault.class)
                .hasMessageContaining(expected);
    }

    @Test
    void idsMadeOfTextsAreTheSameEachTime() {
        assertThat(value("guid('a', 'b')").asString("")).matches("[0-9a-f-]{14}5[0-9a-f]{3}-[89ab][0-9a-f-]{16}");
        assertThat(value("guid('a', 'b')")).isEqualTo(value("guid('a', 'b')")).isNotEqualTo(value("guid('a')"));
        assertThat(value("uniqueString('a')").asString("")).hasSize(13);
    }

    @Test
    void messagesShowKindsAndNotValues() {
        assertThatThrownBy(() -> value("int('NotARealSecret')"))
                .isInstanceOf(TemplateFault.class)
                .hasMessageNotContaining("NotARealSecret");
    }

    @Test
    void twoBracketsAreOne() {
        assertThat(new Evaluator(NOTHING).value(JSON.valueToTree("[[a]")).asString(""))
                .isEqualTo("[a]");
    }

    @Test
    void depthAndWorkAreBounded() {
        String deep = "concat(".repeat(100) + "'a'" + ")".repeat(100);
        assertThatThrownBy(() -> value(deep)).isInstanceOf(TemplateFault.class).hasMessageContaining("nested");
        String long1 = "'" + "a".repeat(30_000) + "'";
        assertThatThrownBy(() -> value(long1)).isInstanceOf(TemplateFault.class).hasMessageContaining("characters");
    }

    @Test
    void copiesMakeLists() {
        JsonNode made = new Evaluator(NOTHING)
                .value(JSON.readTree("{\"copy\":[{\"name\":\"a\",\"count\":2,\"input\":\"x\"}],\"b\":1}"));
        assertThat(made.toString()).isEqualTo("{\"a\":[\"x\",\"x\"],\"b\":1}");
    }
}
