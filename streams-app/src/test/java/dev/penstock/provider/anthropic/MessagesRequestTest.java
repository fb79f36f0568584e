package dev.penstock.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.ObjectMappers;
import com.anthropic.models.messages.MessageCreateParams;
import dev.penstock.schemas.BoundedJson;
import dev.penstock.schemas.CodecLimits;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** From OpenAI's words to Anthropic's. What comes out is also held against the types of Anthropic's own client. */
class MessagesRequestTest {

    /** Reads numbers exactly, as intake does. */
    private static final BoundedJson JSON =
            new BoundedJson(new CodecLimits(4_000_000, 128, 4_000_000, 1_000, 4_000_000));

    @Test
    void shouldTranslateAPlainQuestion() throws Exception {
        // When
        JsonNode sent = translate("""
                {"model": "claude-x", "messages": [{"role": "user", "content": "Hello"}]}""");

        // Then
        assertThat(sent).isEqualTo(json("""
                {"model": "claude-x", "max_tokens": 77,
                 "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}]}"""));
    }

    @Test
    void shouldPutSystemAndDeveloperMessagesBeforeAllElse() throws Exception {
        // When
        JsonNode sent = translate("""
                {"model": "m", "messages": [
                  {"role": "system", "content": "Be brief."},
                  {"role": "user", "content": "Hello"},
                  {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]}]}""");

        // Then
        assertThat(sent.path("system"))
                .isEqualTo(json("[{'type': 'text', 'text': 'Be brief.'}, {'type': 'text', 'text': 'Be kind.'}]"));
        assertThat(sent.path("messages")).hasSize(1);
    }

    @Test
    void shouldTranslateTextsAndPictures() throws Exception {
        // When
        JsonNode sent = translate(user("""
                [{"type": "text", "text": "What is", "cache_control": {"type": "ephemeral"}},
                 {"type": "text", "text": ""},
                 {"type": "image_url", "image_url": {"url": "data:image/PNG;base64,iVBORw0=", "detail": "low"}},
                 {"type": "image_url", "image_url": {"url": "https://example.com/a,b.gif"}}]"""));

        // Then
        assertThat(sent.at("/messages/0/content")).isEqualTo(json("""
                [{"type": "text", "text": "What is", "cache_control": {"type": "ephemeral"}},
                 {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0="}},
                 {"type": "image", "source": {"type": "url", "url": "https://example.com/a,b.gif"}}]"""));
    }

    @Test
    void shouldTranslateAConversationWithToolsIntoTurnsThatAlternate() throws Exception {
        // When
        JsonNode sent = translate("""
                {"model": "m", "messages": [
                  {"role": "user", "content": "Weather"},
                  {"role": "user", "content": "in Rome and Oslo?"},
                  {"role": "assistant", "content": null, "refusal": null, "annotations": [], "tool_calls": [
                    {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{\\"city\\":\\"Rome\\",\\"n\\":1.10}"}},
                    {"id": "call_2", "type": "function", "function": {"name": "weather", "arguments": ""}}]},
                  {"role": "tool", "tool_call_id": "call_1", "name": "weather", "content": "20"},
                  {"role": "tool", "tool_call_id": "call_2", "content": ""},
                  {"role": "user", "content": "So?"}]}""");

        // Then
        assertThat(sent.path("messages")).isEqualTo(json("""
                [{"role": "user", "content": [
                   {"type": "text", "text": "Weather"}, {"type": "text", "text": "in Rome and Oslo?"}]},
                 {"role": "assistant", "content": [
                   {"type": "tool_use", "id": "call_1", "name": "weather", "input": {"city": "Rome", "n": 1.10}},
                   {"type": "tool_use", "id": "call_2", "name": "weather", "input": {}}]},
                 {"role": "user", "content": [
                   {"type": "tool_result", "tool_use_id": "call_1", "content": [{"type": "text", "text": "20"}]},
                   {"type": "tool_result", "tool_use_id": "call_2"},
                   {"type": "text", "text": "So?"}]}]"""));
    }

    @Test
    void shouldKeepWhatTheAssistantSaidOrRefused() throws Exception {
        // When
        JsonNode sent = translate("""
                {"model": "m", "messages": [
                  {"role": "user", "content": "a"},
                  {"role": "assistant", "content": "Let me see.", "tool_calls": [
                    {"id": "c", "type": "function", "function": {"name": "f", "arguments": " {} "}}]},
                  {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": "x"}]},
                  {"role": "assistant", "content": null, "refusal": "I will not."},
                  {"role": "user", "content": "Why?"}]}""");

        // Then
        assertThat(sent.at("/messages/1/content")).isEqualTo(json("""
                [{"type": "text", "text": "Let me see."}, {"type": "tool_use", "id": "c", "name": "f", "input": {}}]"""));
        assertThat(sent.at("/messages/3/content")).isEqualTo(json("[{'type': 'text', 'text': 'I will not.'}]"));
    }

    @Test
    void shouldTranslateTools() throws Exception {
        // When
        JsonNode sent = translate(with("""
                "tools": [
                  {"type": "function", "function": {"name": "f", "description": "d", "strict": true,
                    "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}}},
                  {"type": "function", "function": {"name": "g", "strict": false}}]"""));

        // Then
        assertThat(sent.path("tools")).isEqualTo(json("""
                [{"name": "f", "description": "d", "strict": true,
                  "input_schema": {"type": "object", "properties": {"a": {"type": "integer"}}}},
                 {"name": "g", "input_schema": {"type": "object"}}]"""));
        assertThat(sent.has("tool_choice")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'tool_choice': 'auto'     | `-`",
                "'tool_choice': 'none'     | {'type': 'none'}",
                "'tool_choice': 'required' | {'type': 'any'}",
                "'tool_choice': {'type': 'function', 'function': {'name': 'f'}} | {'type': 'tool', 'name': 'f'}",
                "'parallel_tool_calls': true  | `-`",
                "'parallel_tool_calls': false | {'type': 'auto', 'disable_parallel_tool_use': true}",
                "'tool_choice': 'none', 'parallel_tool_calls': false | {'type': 'none'}",
                "'tool_choice': 'required', 'parallel_tool_calls': false | {'type': 'any', 'disable_parallel_tool_use': true}",
            })
    void shouldTranslateWhetherAToolMustBeCalled(String asked, String choice) throws Exception {
        // When
        JsonNode sent = translate(with("'tools': [{'type': 'function', 'function': {'name': 'f'}}], ".replace('\'', '"')
                + asked.replace('\'', '"')));

        // Then
        assertThat(sent.path("tool_choice").isMissingNode()).isEqualTo(choice.equals("-"));
        if (!choice.equals("-")) {
            assertThat(sent.path("tool_choice")).isEqualTo(json(choice));
        }
    }

    @Test
    void shouldTranslateSampling() throws Exception {
        // When
        JsonNode sent = translate(with("""
                "max_completion_tokens": 5, "max_tokens": 9, "temperature": 0.70, "top_p": 0.5, "stop": ["a", "b"],
                "user": "u-1", "service_tier": "default"
                """));

        // Then
        assertThat(sent).isEqualTo(json("""
                {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": [{"type": "text", "text": "x"}]}],
                 "temperature": 0.70, "top_p": 0.5, "stop_sequences": ["a", "b"], "metadata": {"user_id": "u-1"},
                 "service_tier": "standard_only"}"""));
        assertThat(translate(with("\"max_tokens\": 9")).path("max_tokens").asInt())
                .isEqualTo(9);
        assertThat(translate(with("\"stop\": \"a\"")).path("stop_sequences")).isEqualTo(json("['a']"));
        assertThat(translate(with("\"safety_identifier\": \"s\", \"user\": \"u\""))
                        .at("/metadata/user_id")
                        .asString())
                .isEqualTo("s");
    }

    @Test
    void shouldTakeFieldsThatAskForNothing() throws Exception {
        // When
        JsonNode sent = translate(with("""
                "n": 1.0, "stream": false, "logprobs": false, "top_logprobs": 0, "logit_bias": {}, "presence_penalty": 0.0,
                "frequency_penalty": 0, "response_format": {"type": "text"}, "modalities": ["text"],
                "reasoning_effort": "none", "service_tier": "auto", "stop": [], "tools": [], "tool_choice": "none",
                "seed": null, "audio": null, "function_call": null, "store": true, "metadata": {"a": "b"},
                "prompt_cache_key": "k", "prompt_cache_retention": "24h", "temperature": 1, "top_p": 1.0
                """));

        // Then
        assertThat(sent).isEqualTo(translate(with("\"n\": null")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'n': 2                               | body.n: 2 (",
                "'stream': true                       | body.stream: true (",
                "'logprobs': true                     | body.logprobs: true (",
                "'top_logprobs': 3                    | body.top_logprobs: 3 (",
                "'logit_bias': {'50256': -100}        | body.logit_bias: an object (",
                "'presence_penalty': 0.5              | body.presence_penalty: 0.5 (",
                "'frequency_penalty': -1              | body.frequency_penalty: -1 (",
                "'seed': 0                            | body.seed: 0 (",
                "'response_format': {'type': 'json_object'} | body.response_format: an object (",
                "'response_format': {'type': 'text', 'x': 1} | body.response_format: an object (",
                "'modalities': ['text', 'audio']      | body.modalities: an array (",
                "'audio': {'voice': 'alloy'}          | body.audio: an object (",
                "'functions': [{'name': 'f'}]         | body.functions: an array (",
                "'function_call': 'auto'              | body.function_call: a text (",
                "'prediction': {'type': 'content'}    | body.prediction: an object (",
                "'reasoning_effort': 'high'           | body.reasoning_effort: a text (",
                "'service_tier': 'flex'               | body.service_tier: a text (expected: auto or default)",
                "'temperature': 1.5                   | body.temperature: 1.5 (expected: 0..1 for Anthropic)",
                "'temperature': -0.1                  | body.temperature: -0.1 (expected: 0..1",
                "'temperature': 'hot'                 | body.temperature: a text (expected: 0..1",
                "'temperature': 1e999999              | body.temperature: 1E+999999 (expected: 0..1",
                "'max_tokens': 0                      | body.max_tokens: 0 (expected: a whole number, at least 1)",
                "'max_tokens': 1.5                    | body.max_tokens: 1.5 (",
                "'max_completion_tokens': 99999999999999999999 | body.max_completion_tokens: 99999999999999999999 (",
                "'stop': 5                            | body.stop: 5 (expected: text or an array of texts)",
                "'stop': ['a', null]                  | body.stop: an array (",
                "'user': 5                            | body.user: 5 (expected: text)",
                "'model': 5                           | body.model: 5 (expected: text)",
                "'top_k': 5                           | body.top_k: 5 (expected: left out: Anthropic has no such field)",
                "'thinking': {}                       | body.thinking: empty (",
                "'parallel_tool_calls': 'no'          | body.parallel_tool_calls: a text (expected: true or false)",
                "'tool_choice': 'maybe'               | body.tool_choice: a text (expected: auto, none, required or",
                "'tool_choice': {'type': 'allowed_tools'} | body.tool_choice.type: a text (expected: function)",
                "'tools': {}                          | body.tools: empty (expected: an array)",
                "'tools': ['f']                       | body.tools[0]: a text (expected: an object)",
                "'tools': [{'type': 'custom', 'custom': {}}] | body.tools[0].type: a text (expected: function)",
                "'tools': [{'type': 'function'}]      | body.tools[0].function: absent (expected: an object)",
                "'tools': [{'type': 'function', 'function': {}}] | body.tools[0].function.name: absent (expected: text)",
                "'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': []}}] | body.tools[0].function.parameters: empty (",
                "'tools': [{'type': 'function', 'function': {'name': 'f', 'x': 1}}] | body.tools[0].function.x: 1 (",
                "'messages': []                       | body.messages: empty (expected: a user message",
                "'messages': null                     | body.messages: absent (expected: a user message",
                "'messages': 'hello'                  | body.messages: a text (expected: an array)",
                "'messages': [[]]                     | body.messages[0]: empty (expected: an object)",
                "'messages': [{'content': 'x'}]       | body.messages[0].role: absent (expected: text)",
                "'messages': [{'role': 'function', 'content': 'x'}] | body.messages[0].role: a text (expected: system, ",
                "'messages': [{'role': 'system', 'content': 'x'}]   | body.messages: an array (expected: a user message",
                "'messages': [{'role': 'assistant', 'content': 'x'}] | body.messages: an array (expected: a user message",
                "'messages': [{'role': 'user', 'content': 'x'}, {'role': 'assistant', 'content': 'y'}] | body.messages: an array (expected: no message of",
                "'messages': [{'role': 'user'}]       | body.messages[0].content: absent (expected: not empty",
                "'messages': [{'role': 'user', 'content': null}] | body.messages[0].content: absent (expected: not empty",
                "'messages': [{'role': 'user', 'content': ''}] | body.messages[0].content: empty (expected: not empty",
                "'messages': [{'role': 'user', 'content': []}] | body.messages[0].content: empty (expected: not empty",
                "'messages': [{'role': 'user', 'content': 7}] | body.messages[0].content: 7 (expected: text or an array",
                "'messages': [{'role': 'user', 'content': ['x']}] | body.messages[0].content[0]: a text (expected: an object)",
                "'messages': [{'role': 'user', 'content': 'x', 'name': 'Bob'}] | body.messages[0].name: a text (",
            })
    void shouldNameTheFieldThatCannotBeTranslated(String fields, String detail) throws Exception {
        // When / Then
        assertThat(refusal(with(fields.replace('\'', '"')))).startsWith(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'input_audio', 'input_audio': {}} | .type: a text (expected: text or image_url)",
                "{'type': 'file', 'file': {}}               | .type: a text (expected: text or image_url)",
                "{'type': 'text'}                           | .text: absent (expected: text)",
                "{'type': 'text', 'text': 'x', 'x': 1}      | .x: 1 (expected: left out",
                "{'type': 'image_url', 'image_url': 'https://a'}      | .image_url: a text (expected: an object)",
                "{'type': 'image_url', 'image_url': {'url': 'ftp://a'}} | .image_url.url: a text (expected: http(s) address",
                "{'type': 'image_url', 'image_url': {'url': 'data:image/svg+xml;base64,AA'}} | .image_url.url: a text (",
                "{'type': 'image_url', 'image_url': {'url': 'data:image/png,AA'}} | .image_url.url: a text (",
                "{'type': 'image_url', 'image_url': {'url': 'data:image/png;base64'}} | .image_url.url: a text (",
            })
    void shouldNameThePartThatCannotBeTranslated(String part, String detail) throws Exception {
        // Given
        String asked = user("[" + part.replace('\'', '"') + "]");

        // When / Then
        assertThat(refusal(asked)).startsWith("body.messages[0].content[0]" + detail);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\\\"a\\\":",
                "not JSON",
                "[1]",
                "\\\"text\\\"",
                "null",
                "{\\\"a\\\":1,\\\"a\\\":2}",
                "{} {}",
            })
    void shouldRefuseArgumentsThatAreNoObject(String arguments) throws Exception {
        // When / Then
        assertThat(refusal(called(
                        "\"id\": \"c\", \"type\": \"function\", \"function\": {\"name\": \"f\", \"arguments\": \""
                                + arguments + "\"}")))
                .isEqualTo("body.messages[1].tool_calls[0].function.arguments: a text (expected: a JSON object)");
    }

    @Test
    void shouldRefuseArgumentsThatAreNestedTooDeeply() throws Exception {
        // Given
        String deep = "{\\\"a\\\":".repeat(100_000);

        // When / Then
        assertThat(refusal(called(
                        "\"id\": \"c\", \"type\": \"function\", \"function\": {\"name\": \"f\", \"arguments\": \""
                                + deep + "\"}")))
                .endsWith("arguments: a text (expected: a JSON object)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'id': 'c', 'type': 'custom', 'custom': {}  | .type: a text (expected: function)",
                "'type': 'function', 'function': {'name': 'f', 'arguments': '{}'} | .id: absent (expected: text)",
                "'id': 'c', 'type': 'function', 'function': {'arguments': '{}'} | .function.name: absent (expected: text)",
                "'id': 'c', 'type': 'function', 'function': {'name': 'f'} | .function.arguments: absent (expected: text)",
                "'id': 'c', 'type': 'function', 'function': {'name': 'f', 'arguments': {}} | .function.arguments: empty (",
            })
    void shouldNameTheToolCallThatCannotBeTranslated(String call, String detail) throws Exception {
        // When / Then
        assertThat(refusal(called(call.replace('\'', '"')))).startsWith("body.messages[1].tool_calls[0]" + detail);
    }

    @Test
    void shouldRefuseAnEmptyTurnOfTheAssistantAndAToolResultWithoutItsCall() throws Exception {
        // When / Then
        assertThat(refusal(with("\"messages\": [{\"role\": \"user\", \"content\": \"x\"}, {\"role\": \"assistant\"}]")))
                .startsWith("body.messages[1].content: absent (expected: not empty");
        assertThat(refusal(with("\"messages\": [{\"role\": \"tool\", \"content\": \"x\"}]")))
                .startsWith("body.messages[0].tool_call_id: absent (expected: text)");
    }

    @Test
    void shouldRepeatNoTextOfTheRequest() throws Exception {
        // When / Then
        assertThat(refusal(with("\"canary \\u001b[31m\\r\\nx\": \"canary\"")))
                .isEqualTo("body.(a name not shown): a text (expected: left out: Anthropic has no such field)");
        assertThat(refusal(with("\"tool_choice\": \"canary\""))).doesNotContain("canary");
        assertThat(refusal(with("\"messages\": [{\"role\": \"canary\", \"content\": \"canary\"}]")))
                .doesNotContain("canary");
    }

    @Test
    void shouldLeaveTheRequestAsItWas() throws Exception {
        // Given
        ObjectNode asked = (ObjectNode) json(with("""
                "tools": [{"type": "function", "function": {"name": "f", "parameters": {"properties": {}}}}],
                "messages": [{"role": "user", "content": [{"type": "text", "text": "x", "cache_control": {}}]}]"""));
        ObjectNode before = asked.deepCopy();

        // When
        new MessagesRequest(1).of(asked);

        // Then
        assertThat(asked).isEqualTo(before);
    }

    private static String with(String fields) {
        String own =
                fields.contains("\"messages\"") ? "" : "\"messages\": [{\"role\": \"user\", \"content\": \"x\"}], ";
        String model = fields.contains("\"model\"") ? "" : "\"model\": \"m\", ";
        return "{" + model + own + fields + "}";
    }

    private static String user(String content) {
        return with("\"messages\": [{\"role\": \"user\", \"content\": " + content + "}]");
    }

    private static String called(String call) {
        return with(
                "\"messages\": [{\"role\": \"user\", \"content\": \"x\"}, {\"role\": \"assistant\", \"tool_calls\": [{"
                        + call + "}]}]");
    }

    private static JsonNode translate(String asked) throws Exception {
        ObjectNode sent = new MessagesRequest(77).of((ObjectNode) json(asked));
        MessageCreateParams.Body known =
                ObjectMappers.jsonMapper().readValue(sent.toString(), MessageCreateParams.Body.class);
        assertThat(known.validate()._additionalProperties())
                .as("unknown fields")
                .containsOnlyKeys(oldFields(sent));
        return json(sent.toString());
    }

    /** Fields of the version that is sent; the client knows only the newer one. */
    private static String[] oldFields(ObjectNode sent) {
        return Stream.of("temperature", "top_p").filter(sent::has).toArray(String[]::new);
    }

    private static String refusal(String asked) throws Exception {
        try {
            new MessagesRequest(77).of((ObjectNode) json(asked));
        } catch (Untranslatable refused) {
            return refused.detail();
        }
        throw new AssertionError("was translated: " + asked);
    }

    private static JsonNode json(String text) {
        boolean quoted = text.startsWith("{\"") || text.startsWith("[{\"");
        String json = quoted ? text : text.replace('\'', '"');
        return ((BoundedJson.Read.Tree) JSON.read(json.getBytes(StandardCharsets.UTF_8))).node();
    }
}
