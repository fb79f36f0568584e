package dev.penstock.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.RequestLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CompletenessTest {

    private static final String CHOICE = "{'message':{'content':'yes'},'finish_reason':'stop'}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHOICE,
                CHOICE + "," + CHOICE,
                "{'message':{'content':[{'type':'text','text':'x'}]},'finish_reason':'stop'}",
                "{'message':{'content':null,'tool_calls':[{'id':'1'}]},'finish_reason':'tool_calls'}",
                "{'message':{'content':null,'function_call':{}},'finish_reason':'function_call'}"
            })
    void shouldKeepWholeAnswers(String choices) {
        assertThat(Completeness.of(200, answer(choices))).isEqualTo(Completeness.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "content_filter", "error", "max_tokens", "STOP", ""})
    void shouldNotKeepAnAnswerOfWhichOneChoiceIsNotDone(String reason) {
        // Given
        String choices = CHOICE + "," + CHOICE.replace("stop", reason);

        // When
        Completeness completeness = Completeness.of(200, answer(choices));

        // Then
        assertThat(completeness).isEqualTo(Completeness.UNFINISHED);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "|{'message':{'content':'yes'}}|,UNFINISHED",
                "|{'message':{'content':'yes'},'finish_reason':null}|,UNFINISHED",
                "|{'message':{'content':' '},'finish_reason':'stop'}|,NO_CONTENT",
                "|{'message':{'content':null},'finish_reason':'stop'}|,NO_CONTENT",
                "|{'finish_reason':'stop'}|,NO_CONTENT",
                "|{'message':{'content':'no','refusal':'I will not'},'finish_reason':'stop'}|,NO_CONTENT",
                "|5|,UNFINISHED",
                "||,NO_CHOICES"
            })
    void shouldNotKeepAnythingElse(String choices, Completeness expected) {
        assertThat(Completeness.of(200, answer(choices))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 206, 400, 429, 500})
    void shouldKeepNoOtherStatus(int status) {
        assertThat(Completeness.of(status, answer(CHOICE))).isEqualTo(Completeness.NOT_A_SUCCESS);
    }

    @Test
    void shouldKeepNoErrorThatComesAsASuccess() {
        assertThat(Completeness.of(200, RequestLines.body("{\"model\":\"m\",\"error\":{},\"choices\":[]}")))
                .isEqualTo(Completeness.NOT_A_SUCCESS);
    }

    @Test
    void shouldKeepNothingWithoutChoices() {
        assertThat(Completeness.of(200, RequestLines.body("{\"model\":\"m\",\"choices\":{}}")))
                .isEqualTo(Completeness.NO_CHOICES);
    }

    private static JsonNode answer(String choices) {
        return RequestLines.body("{\"model\":\"m\",\"choices\":[" + choices.replace('\'', '"') + "]}");
    }
}
