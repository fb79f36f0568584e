package dev.penstock.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.ObjectMappers;
import com.openai.models.chat.completions.ChatCompletion;
import dev.penstock.provider.http.Reading;
import dev.penstock.schemas.BoundedJson;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** From Anthropic's words to OpenAI's. What comes out is also held against the types of OpenAI's own client. */
class MessagesAnswerTest {

    /** Reads numbers exactly, as the exchange does. */
    private static final BoundedJson JSON = new BoundedJson(CodecLimits.DEFAULT);

    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

    @Test
    void shouldTranslateAnAnswer() throws Exception {
        // When
        Reading.Completion answer = completion("""
                {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "stop_reason": "end_turn",
                 "content": [{"type": "text", "text": "It is "}, {"type": "text", "text": "blue."}],
                 "usage": {"input_tokens": 10, "cache_creation_input_tokens": 200, "cache_read_input_tokens": 3000,
                           "output_tokens": 7}}""");

        // Then
        assertThat(json(answer.body().toString())).isEqualTo(json("""
                {"id": "msg_1", "object": "chat.completion", "created": 1800000000, "model": "claude-x",
                 "choices": [{"index": 0, "message": {"role": "assistant", "content": "It is blue.", "refusal": null},
                              "logprobs": null, "finish_reason": "stop", "native_finish_reason": "end_turn"}],
                 "usage": {"prompt_tokens": 3210, "completion_tokens": 7, "total_tokens": 3217,
                           "prompt_tokens_details": {"cached_tokens": 3000},
                           "completion_tokens_details": {"reasoning_tokens": 0},
                           "cache_creation_input_tokens": 200}}"""));
        assertThat(answer.usage()).isEqualTo(new TokenUsage(3210, 7, 3000, 0));
        assertThat(TokenUsage.fromOpenAi(answer.body().path("usage"))).contains(new TokenUsage(3210, 7, 3000, 0));
    }

    @Test
    void shouldTranslateToolCalls() throws Exception {
        // When
        Reading.Completion answer = completion(message("""
                [{"type": "tool_use", "id": "toolu_1", "name": "f", "input": {"a": "x\\"y", "n": 1.10}},
                 {"type": "tool_use", "id": "toolu_2", "name": "g"}]""", "tool_use"));

        // Then
        assertThat(answer.body().at("/choices/0/message")).isEqualTo(json("""
                {"role": "assistant", "content": null, "refusal": null, "tool_calls": [
                  {"id": "toolu_1", "type": "function", "function": {"name": "f", "arguments": "{\\"a\\":\\"x\\\\\\"y\\",\\"n\\":1.10}"}},
                  {"id": "toolu_2", "type": "function", "function": {"name": "g", "arguments": "{}"}}]}"""));
        assertThat(finish(answer)).isEqualTo("tool_calls");
    }

    @Test
    void shouldLeaveOutBlocksThatWereNotAskedFor() throws Exception {
        // When
        Reading.Completion answer = completion(message("""
                [{"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "text", "text": "Yes."},
                 {"type": "tool_use", "id": "t", "name": "f", "input": {}}, {"type": "novel"}, 5, null]""", "tool_use"));

        // Then
        JsonNode said = answer.body().at("/choices/0/message");
        assertThat(said.path("content").asString()).isEqualTo("Yes.");
        assertThat(said.path("tool_calls")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, stop",
        "stop_sequence, stop",
        "max_tokens, length",
        "model_context_window_exceeded, length",
        "tool_use, tool_calls",
        "refusal, content_filter",
        "pause_turn, length",
        "something_new, length",
    })
    void shouldTranslateWhyItEnded(String stopReason, String finishReason) throws Exception {
        // When
        Reading.Completion answer = completion(message("[{\"type\": \"text\", \"text\": \"x\"}]", stopReason));

        // Then
        assertThat(finish(answer)).isEqualTo(finishReason);
        assertThat(answer.body().at("/choices/0/native_finish_reason").asString())
                .isEqualTo(stopReason);
    }

    @Test
    void shouldTakeAnAnswerOfNothing() throws Exception {
        // When
        Reading.Completion answer = completion(message("[]", "end_turn"));

        // Then
        assertThat(answer.body().at("/choices/0/message/content").isString()).isTrue();
        assertThat(answer.usage()).isNull();
        assertThat(answer.body().has("usage")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\": \"message\"}",
                "{\"type\": \"message\", \"content\": \"text\"}",
                "{\"content\": []}",
                "{\"type\": \"error\", \"error\": {\"type\": \"overloaded_error\"}}",
                "{\"type\": \"message\", \"content\": [{\"type\": \"tool_use\", \"name\": \"f\"}]}",
                "{\"type\": \"message\", \"content\": [{\"type\": \"tool_use\", \"id\": 5, \"name\": \"f\"}]}",
            })
    void shouldRefuseWhatIsNoMessage(String body) {
        // When / Then
        assertThat(read(body)).isInstanceOf(Reading.Unusable.class);
    }

    @Test
    void shouldKeepTheUsageOfWhatCannotBeUsed() {
        // When
        Reading.Unusable unusable = (Reading.Unusable) read("{\"usage\": {\"input_tokens\": 7, \"output_tokens\": 3}}");

        // Then
        assertThat(unusable.usage()).isEqualTo(new TokenUsage(7, 3, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "5",
                "{}",
                "{\"input_tokens\": 1}",
                "{\"input_tokens\": -1, \"output_tokens\": 1}",
                "{\"input_tokens\": 1.5, \"output_tokens\": 1}",
                "{\"input_tokens\": \"1\", \"output_tokens\": 1}",
                "{\"input_tokens\": 1, \"output_tokens\": 1, \"cache_read_input_tokens\": -3}",
                "{\"input_tokens\": 1000000000000, \"cache_read_input_tokens\": 1, \"output_tokens\": 1}",
                "{\"input_tokens\": 99999999999999999999, \"output_tokens\": 1}",
            })
    void shouldCountNothingThatMakesNoSense(String usage) {
        // When / Then
        assertThat(MessagesUsage.of(json(usage))).isEmpty();
    }

    @Test
    void shouldCountThinkingAndNullCaches() {
        // When
        MessagesUsage usage = MessagesUsage.of(json("""
                        {"input_tokens": 1, "cache_creation_input_tokens": null, "cache_read_input_tokens": null,
                         "output_tokens": 9, "output_tokens_details": {"thinking_tokens": 4}}""")).orElseThrow();

        // Then
        assertThat(usage.tokens()).isEqualTo(new TokenUsage(1, 9, 0, 4));
        assertThat(usage.openAi().has("cache_creation_input_tokens")).isFalse();
    }

    private static String message(String content, String stopReason) {
        return "{\"id\": \"msg_1\", \"type\": \"message\", \"role\": \"assistant\", \"model\": \"m\", \"content\": "
                + content + ", \"stop_reason\": \"" + stopReason + "\"}";
    }

    private static JsonNode json(String text) {
        return ((BoundedJson.Read.Tree) JSON.read(text.getBytes(StandardCharsets.UTF_8))).node();
    }

    private static Reading read(String body) {
        return MessagesAnswer.read((ObjectNode) json(body), NOW);
    }

    private static Reading.Completion completion(String body) throws Exception {
        Reading.Completion answer = (Reading.Completion) read(body);
        ObjectMappers.jsonMapper()
                .readValue(answer.body().toString(), ChatCompletion.class)
                .validate();
        return answer;
    }

    private static String finish(Reading.Completion answer) {
        return answer.body().at("/choices/0/finish_reason").asString();
    }
}
