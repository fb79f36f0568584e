package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class InputBoundTest {

    private static final InputBound BYTES = new InputBound(Tokenizer.UTF8_BYTES, Map.of());
    private static final InputBound O200K = new InputBound(Tokenizer.O200K_BASE, Map.of());

    @Test
    void shouldCountTextAndAConstantAMessage() {
        // Given
        long none = tokens(BYTES, "{'messages':[]}");

        // When
        long one = tokens(BYTES, "{'messages':[{'role':'user','content':'" + "x".repeat(1_000) + "'}]}");
        long two = tokens(
                BYTES,
                "{'messages':[{'role':'user','content':'" + "x".repeat(500) + "'},{'role':'user','content':'"
                        + "x".repeat(500) + "'}]}");

        // Then
        assertThat(one - none).isBetween(1_000L + 16, 1_000L + 100);
        assertThat(two - one).isGreaterThanOrEqualTo(16);
    }

    @Test
    void shouldCountWithOurTokenizerWhereItIsOurs() {
        // Given
        String body = "{'messages':[{'role':'user','content':'" + "The quick brown fox. ".repeat(100) + "'}]}";

        // When / Then
        assertThat(tokens(O200K, body)).isBetween(500L, 600L);
        assertThat(tokens(BYTES, body)).isGreaterThan(2_100L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'user','name':'TEXT','content':'x'}]}",
                "{'messages':[{'role':'user','content':'TEXT'}]}",
                "{'messages':[{'role':'user','content':[{'type':'text','text':'TEXT'}]}]}",
                "{'messages':[{'role':'user','content':[{'type':'text','text':{'a':'TEXT'}}]}]}",
                "{'messages':[{'role':'user','content':['TEXT']}]}",
                "{'messages':[{'role':'user','content':{'a':'TEXT'}}]}",
                "{'messages':['TEXT']}",
                "{'messages':'TEXT'}",
                "{'messages':{'a':'TEXT'}}",
                "{'messages':[{'role':'assistant','refusal':'TEXT'}]}",
                "{'messages':[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'TEXT'}}]}]}",
                "{'messages':[],'tools':[{'type':'function','function':{'name':'f','parameters':{'d':'TEXT'}}}]}",
                "{'messages':[],'functions':[{'name':'TEXT'}]}",
                "{'messages':[],'response_format':{'type':'json_schema','json_schema':{'name':'TEXT'}}}",
                "{'messages':[],'guided_json':{'x':'TEXT'}}",
                "{'messages':[],'system':'TEXT'}",
                "'TEXT'"
            })
    void shouldCountEverythingThatTheModelMayRead(String body) {
        // Given
        String text = "word ".repeat(400);

        // When
        long shorter = tokens(O200K, body.replace("TEXT", "word"));
        long longer = tokens(O200K, body.replace("TEXT", text));

        // Then
        assertThat(longer - shorter).isGreaterThanOrEqualTo(398);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{'type':'image_url','image_url':{'url':'x'}}]|image_url",
                "[{'type':'text','text':'x'},{'type':'input_audio','input_audio':{}}]|input_audio",
                "[{'type':'file','file':{'file_id':'f'}}]|file",
                "[{'type':'hologram secret'}]|a content part of unknown type",
                "[{}]|a content part of unknown type",
                "[3]|a content part of unknown type",
                "[null]|a content part of unknown type",
                "[{'type':['text'],'text':'x'}]|a content part of unknown type"
            })
    void shouldHaveNoBoundForContentThatCannotBeCounted(String content, String what) {
        assertThat(BYTES.of(Bodies.message(content))).isEqualTo(new TokenBound.Unbounded(what));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[],'tools':[{'type':'web_search'}]}",
                "{'messages':[],'tools':[{'type':'function'},3]}",
                "{'messages':[],'web_search_options':{}}",
                "{'messages':[{'role':'assistant','audio':{'id':'a'}}]}"
            })
    void shouldHaveNoBoundForInputThatTheProviderFetches(String body) {
        assertThat(BYTES.of(Bodies.json(body))).isInstanceOf(TokenBound.Unbounded.class);
    }

    @Test
    void shouldTakeTheDeclaredCapOfAPart() {
        // Given
        InputBound declared = new InputBound(Tokenizer.UTF8_BYTES, Map.of("image_url", 1_445L));
        String image = "{'type':'image_url','image_url':{'url':'data:" + "x".repeat(10_000) + "'}}";

        // When
        TokenBound two = declared.of(Bodies.message("[" + image + "," + image + "]"));

        // Then
        assertThat(((TokenBound.AtMost) two).tokens()).isBetween(2_890L, 3_100L);
        assertThat(declared.of(Bodies.message("[{'type':'file'}]"))).isInstanceOf(TokenBound.Unbounded.class);
    }

    @Test
    void shouldNotOverflow() {
        // Given
        InputBound huge = new InputBound(Tokenizer.UTF8_BYTES, Map.of("file", Long.MAX_VALUE));
        String file = "{'type':'file'}";

        // When / Then
        assertThat(huge.of(Bodies.message("[" + file + "," + file + "," + file + "]")))
                .isInstanceOf(TokenBound.Unbounded.class);
    }

    @Test
    void shouldNeverThrowWhateverTheBody() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            // Given
            JsonNode body = hostile(random, 5);

            // When
            TokenBound input = BYTES.of(body);
            TokenBound output = new OutputBound(Tokenizer.UTF8_BYTES, 100).of(body);

            // Then
            assertThat(input).as("%s", body).isNotNull();
            assertThat(output).as("%s", body).isNotNull();
        }
    }

    private static final String[] NAMES = {
        "messages",
        "content",
        "role",
        "type",
        "text",
        "tools",
        "n",
        "max_tokens",
        "max_completion_tokens",
        "prediction",
        "modalities",
        "audio",
        "image_url",
        "service_tier",
        "response_format",
        "\u0000"
    };

    private static JsonNode hostile(Random random, int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(depth == 0 ? 8 : 12)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.numberNode(random.nextLong());
            case 2 -> Bodies.json("1e999999999");
            case 3 -> Bodies.json("-1e-999999999");
            case 4 -> nodes.numberNode(Double.NaN);
            case 5 -> nodes.booleanNode(random.nextBoolean());
            case 6 -> nodes.stringNode(NAMES[random.nextInt(NAMES.length)]);
            case 7 -> nodes.stringNode("\ud800");
            case 8, 9 -> {
                var array = nodes.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(hostile(random, depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = nodes.objectNode();
                for (int i = random.nextInt(5); i > 0; i--) {
                    object.set(NAMES[random.nextInt(NAMES.length)], hostile(random, depth - 1));
                }
                yield object;
            }
        };
    }

    @Test
    void shouldBoundThePromptThatTheProviderAddsForTools() {
        // Given: the longest of these prompts that Anthropic's documentation has
        long longest = 530;
        String message = "'messages':[{'role':'user','content':'hi'}]";
        String tools = "[{'type':'function','function':{'name':'f'}}]";

        // When
        long plain = tokens(BYTES, "{" + message + "}");
        long withTools = tokens(BYTES, "{" + message + ",'tools':" + tools + "}");

        // Then
        assertThat(withTools - plain).isGreaterThan(longest + tools.length());
        assertThat(tokens(BYTES, "{" + message + ",'tools':null}")).isLessThan(plain + longest);
    }

    private static long tokens(InputBound bound, String body) {
        return ((TokenBound.AtMost) bound.of(Bodies.json(body))).tokens();
    }
}
