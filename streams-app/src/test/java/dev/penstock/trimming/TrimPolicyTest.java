package dev.penstock.trimming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.RequestLines;
import dev.penstock.schemas.Trim;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A character is a token here; a message costs 4 more and its role, a prompt 3. */
class TrimPolicyTest {

    private final TrimPolicy policy = new TrimPolicy(Counters.CODE_POINTS);

    private static ObjectNode conversation(String... messages) {
        return RequestLines.body("{\"model\":\"m\",\"messages\":[" + String.join(",", messages) + "]}");
    }

    private static String message(String role, String content) {
        return "{\"role\":\"" + role + "\",\"content\":\"" + content + "\"}";
    }

    private Trimming trim(ObjectNode body, long budget) {
        return policy.trim(body, new TrimBudget("trim.max_input_tokens", budget));
    }

    private static List<String> contents(Trimming trimming) {
        List<String> contents = new ArrayList<>();
        for (JsonNode message : ((Trimming.Shortened) trimming).body().path("messages")) {
            contents.add(message.path("content").asString("-"));
        }
        return contents;
    }

    @Test
    void shouldLeaveAPromptThatFitsExactly() {
        // Given
        ObjectNode body = conversation(message("user", "hello"));

        // When
        Trimming trimming = trim(body, 16);

        // Then
        assertThat(trimming).isEqualTo(new Trimming.Fits(16));
    }

    @Test
    void shouldDropTheOldestTurnAsAWhole() {
        // Given
        ObjectNode body = conversation(
                message("system", "rules"),
                message("user", "first question"),
                message("assistant", "first answer"),
                message("user", "second question"),
                message("assistant", "second answer"),
                message("user", "third question"));

        // When
        Trimming trimming = trim(body, 130);

        // Then
        assertThat(contents(trimming)).containsExactly("rules", "second question", "second answer", "third question");
        assertThat(((Trimming.Shortened) trimming).trimmedTokens()).isEqualTo(22 + 25);
    }

    @Test
    void shouldCutTheNewestOfWhatMayGoFromItsStart() {
        // Given
        ObjectNode body = conversation(
                message("user", "old"),
                message("user", "a long document " + "0123456789".repeat(20)),
                message("assistant", "noted"),
                message("user", "ask"));

        // When
        Trimming trimming = trim(body, 118);

        // Then
        assertThat(contents(trimming).get(1)).startsWith(TextTail.MARKER).endsWith("0123456789");
        assertThat(((Trimming.Shortened) trimming).tokens()).isEqualTo(118);
    }

    @Test
    void shouldNotLeaveACrumbOfAMessage() {
        // Given
        ObjectNode body = conversation(
                message("user", "0123456789".repeat(9)), message("assistant", "x"), message("user", "ask"));
        long justOverAMarker = 14 + 4 + 4 + 17 + 7 + 4 + 9 + 1;

        // When
        Trimming trimming = trim(body, justOverAMarker);

        // Then
        assertThat(contents(trimming)).containsExactly("ask");
    }

    @Test
    void shouldCutALongToolResultOfTheLastTurnAndKeepItsCall() {
        // Given
        ObjectNode body = conversation(
                message("user", "ask"),
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\"}]}",
                "{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"" + "x".repeat(300) + "\"}");

        // When
        Trimming trimming = trim(body, 200);

        // Then
        assertThat(contents(trimming)).hasSize(3);
        assertThat(contents(trimming).get(2)).startsWith(TextTail.MARKER + "xxxx");
    }

    @Test
    void shouldTieAResultOfTheOlderKindToTheCallBeforeIt() {
        // Given
        ObjectNode body = conversation(
                message("user", "ask"),
                "{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"f\"}}",
                message("function", "x".repeat(300)));

        // When
        Trimming trimming = trim(body, 200);

        // Then
        assertThat(contents(trimming)).hasSize(3);
        assertThat(contents(trimming).get(2)).startsWith(TextTail.MARKER + "xxxx");
    }

    @Test
    void shouldTieAToolResultToItsCallWhereverItStands() {
        // Given
        ObjectNode body = conversation(
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\"}]}",
                message("user", "an interruption"),
                message("assistant", "yes"),
                "{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"found\"}",
                message("user", "ask"));

        // When
        Trimming trimming = trim(body, 85);

        // Then
        assertThat(contents(trimming)).containsExactly("ask");
    }

    @Test
    void shouldNotTieTurnsThatReuseAnIdOfACall() {
        // Given
        String call = "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\"}]}";
        String result = "{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"found\"}";
        ObjectNode body = conversation(
                message("user", "one"), call, result, message("user", "two"), call, result, message("user", "three"));

        // When
        Trimming trimming = trim(body, 150);

        // Then
        assertThat(contents(trimming)).containsExactly("two", "-", "found", "three");
    }

    @Test
    void shouldCutPartsFromTheStart() {
        // Given
        String text = "{\"type\":\"text\",\"text\":\"" + "y".repeat(2_000) + "\"}";
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:,\"}}";
        ObjectNode body = conversation(
                "{\"role\":\"user\",\"content\":[" + image + "," + text + "," + image + "]}",
                message("assistant", "noted"),
                message("user", "ask"));

        // When
        Trimming trimming = trim(body, 2_000);

        // Then
        JsonNode parts =
                ((Trimming.Shortened) trimming).body().path("messages").path(0).path("content");
        assertThat(parts).hasSize(2);
        assertThat(parts.path(0).path("text").stringValue()).startsWith(TextTail.MARKER + "yyy");
        assertThat(parts.path(1).path("type").stringValue()).isEqualTo("image_url");
    }

    @Test
    void shouldCountAnImageByItsAllowanceAndNotByItsBytes() {
        // Given
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:," + "A".repeat(9_000) + "\"}}";
        ObjectNode body = conversation("{\"role\":\"user\",\"content\":[" + image + "]}");

        // When
        Trimming trimming = trim(body, 2_000);

        // Then
        assertThat(trimming).isEqualTo(new Trimming.Fits(1_500 + 4 + 4 + 3));
    }

    @Test
    void shouldSayWhatCannotFit() {
        // Given
        ObjectNode body = conversation(message("system", "rules"), message("user", "old"), message("user", "ask"));
        body.putArray("tools").add("t");

        // When
        Trimming trimming = trim(body, 41);

        // Then
        assertThat(trimming).isInstanceOf(Trimming.CannotFit.class);
        assertThat(((Trimming.CannotFit) trimming).detail())
                .isEqualTo(
                        "trim.max_input_tokens: 41 (expected: at least 45 tokens: system prompts 15, last user turn 22, "
                                + "tools and formats 8)");
    }

    @Test
    void shouldKeepTheNewestMessageWhereNobodyAsks() {
        // Given
        ObjectNode body = conversation(message("assistant", "x".repeat(100)), message("assistant", "last"));

        // When
        Trimming trimming = trim(body, 25);

        // Then
        assertThat(contents(trimming)).containsExactly("last");
        assertThat(trim(body, 19)).isInstanceOf(Trimming.CannotFit.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\"}",
                "{\"model\":\"m\",\"messages\":\"all of it\"}",
                "{\"model\":\"m\",\"messages\":[7,null,[\"x\"],{},{\"role\":5,\"content\":{\"a\":1}},{\"role\":\"tool\"}]}",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"tool_call_id\":{}},{\"role\":\"user\",\"tool_calls\":5}]}"
            })
    void shouldBearAnyBody(String body) {
        for (int budget = 0; budget < 80; budget++) {
            // When
            Trimming trimming = trim(RequestLines.body(body), budget);

            // Then
            if (trimming instanceof Trimming.Shortened shortened) {
                assertThat(shortened.tokens()).isLessThanOrEqualTo(budget);
            }
        }
    }

    @Test
    void shouldTrimALongConversationOfSmallMessagesInReasonableTime() {
        // Given
        String pair = message("assistant", "x") + "," + message("user", "x");
        ObjectNode body = conversation((pair + ",").repeat(8_000) + message("user", "ask"));

        // When
        Trimming trimming = trim(body, 1_000);

        // Then
        assertThat(((Trimming.Shortened) trimming).tokens()).isBetween(900L, 1_000L);
    }

    @ParameterizedTest
    @CsvSource({"50,8000,1000,50,trim.max_input_tokens", "9000,8000,1000,7000,context of the model less the output cap"
    })
    void shouldTakeTheSmallerOfTwoBudgets(long asked, long context, long outputCap, long tokens, String source) {
        assertThat(TrimBudget.of(new Trim(asked), OptionalLong.of(context), outputCap))
                .contains(new TrimBudget(source, tokens));
    }

    @Test
    void shouldTakeAQuarterLessAfterARefusal() {
        assertThat(TrimBudget.afterRefusal(8_000).tokens()).isEqualTo(6_400);
        assertThat(TrimBudget.afterRefusal(0).tokens()).isZero();
    }

    @Test
    void shouldHaveNoBudgetWhereNobodySetsOne() {
        assertThat(TrimBudget.of(null, OptionalLong.empty(), 100)).isEmpty();
        assertThat(TrimBudget.of(Trim.NEVER, OptionalLong.of(50), 100)).isEmpty();
        assertThat(TrimBudget.of(null, OptionalLong.of(50), 100))
                .contains(new TrimBudget("context of the model less the output cap", 0));
    }
}
