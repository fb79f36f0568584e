package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputBoundTest {

    private static final OutputBound BOUND = new OutputBound(Tokenizer.UTF8_BYTES, 4_096);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|4096",
                "{'max_tokens':10}|10",
                "{'max_completion_tokens':20}|20",
                "{'max_tokens':10,'max_completion_tokens':20}|20",
                "{'max_tokens':30,'max_completion_tokens':20}|30",
                "{'max_tokens':null,'n':null}|4096",
                "{'max_tokens':1e1}|10",
                "{'max_tokens':10.0,'n':3}|30",
                "{'n':2}|8192",
                "{'max_tokens':1000000,'n':1000000}|1000000000000",
                "{'max_tokens':10,'modalities':['text']}|10"
            })
    void shouldBeTheCapOfEveryChoice(String body, long tokens) {
        assertThat(BOUND.of(Bodies.json(body))).isEqualTo(new TokenBound.AtMost(tokens));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'max_tokens':'10'}",
                "{'max_tokens':0}",
                "{'max_tokens':-1}",
                "{'max_tokens':1.5}",
                "{'max_tokens':[]}",
                "{'max_tokens':1e999999999}",
                "{'max_tokens':1e-999999999}",
                "{'max_tokens':10,'max_completion_tokens':'x'}",
                "{'n':0}",
                "{'n':'2'}",
                "{'n':-1}",
                "{'n':1.5}",
                "{'n':1e999999999}",
                "{'max_tokens':1000001,'n':1000000}",
                "{'modalities':['text','audio']}"
            })
    void shouldHaveNoBoundForWhatIsNoNumberOfTokens(String body) {
        assertThat(BOUND.of(Bodies.json(body))).isInstanceOf(TokenBound.Unbounded.class);
    }

    @Test
    void shouldCountWhatIsPredictedAsOutput() {
        // When
        TokenBound bound =
                BOUND.of(Bodies.json("{'max_tokens':10,'n':2,'prediction':{'content':'" + "x".repeat(1_000) + "'}}"));

        // Then
        assertThat(((TokenBound.AtMost) bound).tokens()).isGreaterThanOrEqualTo(2_020);
    }
}
