package dev.penstock.trimming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.work.TokenCounter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What holds of every trimmed prompt, whatever the conversation, the budget and the counter. */
@Execution(ExecutionMode.CONCURRENT)
class TrimPolicyPropertyTest {

    private static final int BUDGETS = 12;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.penstock.Seeds#many")
    void shouldKeepItsPromises(long seed) {
        Random random = new Random(seed);
        for (TokenCounter counter : Counters.ALL) {
            // Given
            ObjectNode body = new Conversations(random).body();
            ObjectNode untouched = body.deepCopy();
            long before = count(body, counter);

            for (int i = 0; i < BUDGETS; i++) {
                TrimBudget budget = new TrimBudget("trim.max_input_tokens", random.nextLong(before + before / 8 + 1));

                // When
                Trimming trimming = new TrimPolicy(counter).trim(body, budget);

                // Then
                assertThat(body).isEqualTo(untouched);
                switch (trimming) {
                    case Trimming.Fits fits -> {
                        assertThat(fits.tokens()).isEqualTo(before);
                        assertThat(before).isLessThanOrEqualTo(budget.tokens());
                    }
                    case Trimming.Shortened shortened -> {
                        assertThat(before).isGreaterThan(budget.tokens());
                        check(body, shortened, budget, before, counter);
                    }
                    case Trimming.CannotFit cannot -> {
                        assertThat(cannot.needed()).isGreaterThan(budget.tokens());
                        assertThat(cannot.needed()).isEqualTo(mustBeKept(body, counter));
                    }
                }
            }
        }
    }

    private static void check(
            ObjectNode body, Trimming.Shortened shortened, TrimBudget budget, long before, TokenCounter counter) {
        assertThat(count(shortened.body(), counter)).isEqualTo(shortened.tokens());
        assertThat(shortened.tokens()).isLessThanOrEqualTo(budget.tokens());
        assertThat(shortened.trimmedTokens()).isEqualTo(before - shortened.tokens());
        otherFieldsAreUntouched(body, shortened.body());

        List<JsonNode> original = messages(body);
        List<JsonNode> kept = messages(shortened.body());
        List<Integer> places = placesOf(kept, original);
        assertThat(places).as("order").isSorted().doesNotHaveDuplicates();
        assertThat(places).as("what must be kept").containsAll(mustStay(original));
        for (int place : mustStay(original)) {
            assertThat(kept.get(places.indexOf(place))).isEqualTo(original.get(place));
        }
        toolPairsAreWhole(original, places);
        oldestTurnsWentFirst(original, places);
        atMostOneIsCut(kept, original, places);
        kept.forEach(TrimPolicyPropertyTest::noHalfPairs);
    }

    private static void otherFieldsAreUntouched(ObjectNode body, ObjectNode trimmed) {
        ObjectNode one = body.deepCopy();
        ObjectNode other = trimmed.deepCopy();
        one.remove("messages");
        other.remove("messages");
        assertThat(other).isEqualTo(one);
        assertThat(trimmed.propertyNames()).containsExactlyElementsOf(body.propertyNames());
    }

    /** Every message of the generator has a text of its own at its end, or is of a tool call that has an id. */
    private static List<Integer> placesOf(List<JsonNode> kept, List<JsonNode> original) {
        List<Integer> places = new ArrayList<>();
        int from = 0;
        for (JsonNode message : kept) {
            int place = from;
            while (place < original.size() && !isOrIsCutFrom(message, original.get(place))) {
                place++;
            }
            assertThat(place).as("a message that is none of the original").isLessThan(original.size());
            places.add(place);
            from = place + 1;
        }
        return places;
    }

    private static boolean isOrIsCutFrom(JsonNode message, JsonNode original) {
        if (message.equals(original)) {
            return true;
        }
        ObjectNode one = ((ObjectNode) message).deepCopy();
        ObjectNode other = ((ObjectNode) original).deepCopy();
        String text = text(one.remove("content"));
        String whole = text(other.remove("content"));
        return one.equals(other)
                && text.startsWith(TextTail.MARKER)
                && whole.endsWith(text.substring(TextTail.MARKER.length()))
                && text.length() - TextTail.MARKER.length() < whole.length();
    }

    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asString("");
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asString("\0image")));
        return text.toString();
    }

    private static List<Integer> mustStay(List<JsonNode> messages) {
        List<Integer> stay = new ArrayList<>();
        int last = lastUser(messages);
        for (int i = 0; i < messages.size(); i++) {
            boolean inLastTurn = i <= last && allUsersOrSystem(messages.subList(i, last + 1));
            if (isSystem(messages.get(i)) || inLastTurn) {
                stay.add(i);
            }
        }
        return stay;
    }

    private static boolean allUsersOrSystem(List<JsonNode> messages) {
        return messages.stream().allMatch(message -> role(message).equals("user") || isSystem(message));
    }

    private static int lastUser(List<JsonNode> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (role(messages.get(i)).equals("user")) {
                return i;
            }
        }
        return -1;
    }

    private static void toolPairsAreWhole(List<JsonNode> original, List<Integer> places) {
        for (int caller = 0; caller < original.size(); caller++) {
            Set<String> ids = new HashSet<>();
            original.get(caller)
                    .path("tool_calls")
                    .forEach(call -> ids.add(call.path("id").stringValue()));
            for (int i = 0; i < original.size(); i++) {
                if (ids.contains(original.get(i).path("tool_call_id").asString(""))) {
                    assertThat(places.contains(i)).as("a call and its result").isEqualTo(places.contains(caller));
                }
            }
        }
    }

    private static void oldestTurnsWentFirst(List<JsonNode> original, List<Integer> places) {
        boolean kept = false;
        for (int i = 0; i < original.size(); i++) {
            if (!isSystem(original.get(i))) {
                kept |= places.contains(i);
                assertThat(places.contains(i) || !kept || i > lastUser(original))
                        .as("message %d of %d", i, original.size())
                        .isTrue();
            }
        }
    }

    private static void atMostOneIsCut(List<JsonNode> kept, List<JsonNode> original, List<Integer> places) {
        long cut = 0;
        for (int i = 0; i < kept.size(); i++) {
            cut += kept.get(i).equals(original.get(places.get(i))) ? 0 : 1;
        }
        assertThat(cut).isLessThanOrEqualTo(1);
    }

    private static void noHalfPairs(JsonNode message) {
        text(message.path("content"))
                .codePoints()
                .forEach(c -> assertThat(Character.getType(c)).isNotEqualTo((int) Character.SURROGATE));
    }

    private static long mustBeKept(ObjectNode body, TokenCounter counter) {
        PromptTokens tokens = new PromptTokens(counter);
        List<JsonNode> messages = messages(body);
        return lastUser(messages) < 0
                ? new Prompt(body, tokens).tokensOf(Turns.Keep.SYSTEM)
                        + new Prompt(body, tokens).tokensOf(Turns.Keep.LAST_TURN)
                        + tokens.fixed(body)
                : tokens.fixed(body)
                        + mustStay(messages).stream()
                                .mapToLong(i -> tokens.message(messages.get(i)))
                                .sum();
    }

    private static long count(ObjectNode body, TokenCounter counter) {
        PromptTokens tokens = new PromptTokens(counter);
        return tokens.fixed(body)
                + messages(body).stream().mapToLong(tokens::message).sum();
    }

    private static List<JsonNode> messages(ObjectNode body) {
        List<JsonNode> messages = new ArrayList<>();
        body.path("messages").forEach(messages::add);
        return messages;
    }

    private static boolean isSystem(JsonNode message) {
        return role(message).equals("system") || role(message).equals("developer");
    }

    private static String role(JsonNode message) {
        return message.path("role").asString("");
    }
}
