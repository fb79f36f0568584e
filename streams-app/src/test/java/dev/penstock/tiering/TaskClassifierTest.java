package dev.penstock.tiering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.RequestLines;
import dev.penstock.schemas.Task;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class TaskClassifierTest {

    private final TaskClassifier classifier =
            new TaskClassifier(TaskClassifier.DEFAULT_RULES, TaskClassifier.DEFAULT_TASK);

    private static String body(String text, String extra) {
        String quoted = JsonNodeFactory.instance.stringNode(text).toString();
        return "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":" + quoted + "}]"
                + extra.replace('\'', '"') + "}";
    }

    private Classification classify(String text, String extra) {
        return classifier.classify(RequestLines.body(body(text, extra)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "|Who wrote Faust?|,||,SIMPLE,plain_question",
                "|Translate to German: good morning|,||,SIMPLE,plain_question",
                "|Good morning|,|,'max_tokens':50|,SIMPLE,short_answer",
                "|Good morning|,|,'max_completion_tokens':256|,SIMPLE,short_answer",
                "|Good morning|,|,'max_completion_tokens':5000|,COMPLEX,long_answer",
                "|Why does it fail?\n```\nx = 1\n```|,||,COMPLEX,reasoning_on_code",
                "|Who?|,|,'tools':[1,2,3,4]|,COMPLEX,many_tools"
            })
    void shouldFollowTheFirstRuleThatMatches(String text, String extra, Task task, String rule) {
        // When
        Classification classification = classify(text.replace("\\n", "\n"), extra);

        // Then
        assertThat(classification.task()).isEqualTo(task);
        assertThat(classification.reason()).startsWith("rule " + rule + ": ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Good morning",
                "Why is the sky blue?",
                "what is it and why?",
                "Somewhat whoever",
                "Was ist das?",
                ""
            })
    void shouldTakeTheDefaultWhereNoRuleMatches(String text) {
        assertThat(classify(text, "")).isEqualTo(new Classification(Task.MEDIUM, "no rule matched"));
    }

    @Test
    void shouldLetTheFirstOfSeveralRulesDecide() {
        // Given
        ClassifierRule first = rule("first", Map.of(Feature.CHARACTERS, Range.atLeast(1)));
        ClassifierRule rest = new ClassifierRule("rest", Task.COMPLEX, Map.of());
        TaskClassifier two = new TaskClassifier(List.of(first, rest), Task.MEDIUM);

        // When
        Classification some = two.classify(RequestLines.body(body("x", "")));
        Classification none = two.classify(RequestLines.body(body("", "")));

        // Then
        assertThat(some).isEqualTo(new Classification(Task.SIMPLE, "rule first: characters 1 in 1.."));
        assertThat(none).isEqualTo(new Classification(Task.COMPLEX, "rule rest"));
    }

    @Test
    void shouldAskTheUserAndNotTheAssistant() {
        // Given
        String body = body("who?", "").replace("}]", "},{\"role\":\"assistant\",\"content\":\"explain\"}]");

        // When
        Map<Feature, Long> features = RequestFeatures.of(RequestLines.body(body));

        // Then
        assertThat(features).containsEntry(Feature.PLAIN, 1L).containsEntry(Feature.DEMANDING, 0L);
    }

    @Test
    void shouldMeasureAllMessagesAndAskTheLast() {
        // Given
        String body = "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"explain\"},"
                + "{\"role\":\"assistant\",\"content\":\"" + "x".repeat(500) + "\"},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"who?\"}]}]}";

        // When
        Map<Feature, Long> features = RequestFeatures.of(RequestLines.body(body));

        // Then
        assertThat(features)
                .containsEntry(Feature.CHARACTERS, 512L)
                .containsEntry(Feature.MESSAGES, 3L)
                .containsEntry(Feature.DEMANDING, 0L)
                .containsEntry(Feature.PLAIN, 1L);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {"|```|,1", "|int a;~int b;|,1", "|if x {|,0", "|def f(x):~  return {|,1", "|plain; words|,0"})
    void shouldSeeCode(String text, long code) {
        assertThat(RequestFeatures.of(RequestLines.body(body(text.replace('~', '\n'), ""))))
                .containsEntry(Feature.CODE, code);
    }

    @Test
    void shouldGiveAReasonWithoutAnyOfThePrompt() {
        // When
        Classification classification = classify("Who is Canary?", "");

        // Then
        assertThat(classification.reason())
                .isEqualTo("rule plain_question: characters 14 in 0..2000, tools 0 in 0..0, code 0 in 0..0, "
                        + "demanding 0 in 0..0, plain 1 in 1..");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"auto\"}",
                "{\"model\":\"auto\",\"messages\":5}",
                "{\"model\":\"auto\",\"messages\":[5,{\"content\":{}}],\"tools\":7,\"max_tokens\":\"many\"}",
                "{\"model\":\"auto\",\"max_tokens\":1e400,\"max_completion_tokens\":-5}"
            })
    void shouldBearAnyBody(String body) {
        assertThatCode(() -> classifier.classify(RequestLines.body(body))).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseAConditionOutsideWhatAFeatureCanBe() {
        assertThatThrownBy(() -> rule("r", Map.of(Feature.CODE, Range.atLeast(2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("r.code: 2.. (expected: within 0..1, or the rule cannot match)");
        assertThatThrownBy(() -> rule("r", Map.of(Feature.CHARACTERS, new Range(-5, -1))))
                .hasMessage("r.characters: -5..-1 (expected: within 0.., or the rule cannot match)");
        assertThatThrownBy(() -> new Range(5, 4)).hasMessage("range: 5..4 (expected: from at most to)");
    }

    @Test
    void shouldRefuseARuleBehindOneThatTakesAllOfIt() {
        // Given
        ClassifierRule wide = rule("wide", Map.of(Feature.CHARACTERS, Range.atLeast(100)));
        ClassifierRule narrow =
                rule("narrow", Map.of(Feature.CHARACTERS, Range.atLeast(200), Feature.CODE, Range.atLeast(1)));

        // When / Then
        assertThatThrownBy(() -> new TaskClassifier(List.of(wide, narrow), Task.MEDIUM))
                .hasMessage("narrow: cannot match (expected: a request that no rule before it takes)");
        assertThatCode(() -> new TaskClassifier(List.of(narrow, wide), Task.MEDIUM))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseARuleBehindSeveralThatTakeItTogether() {
        // Given
        ClassifierRule code = rule("code", Map.of(Feature.CODE, Range.atLeast(1)));
        ClassifierRule noCode = rule("no_code", Map.of(Feature.CODE, Range.atMost(0), Feature.TOOLS, Range.atMost(3)));
        ClassifierRule few = rule("few_tools", Map.of(Feature.TOOLS, new Range(1, 2)));

        // When / Then
        assertThatThrownBy(() -> new TaskClassifier(List.of(code, noCode, few), Task.MEDIUM))
                .hasMessageStartingWith("few_tools: cannot match");
    }

    @Test
    void shouldRefuseTwoRulesOfOneName() {
        // Given
        ClassifierRule code = rule("r", Map.of(Feature.CODE, Range.atLeast(1)));
        ClassifierRule tools = rule("r", Map.of(Feature.TOOLS, Range.atLeast(1)));

        // When / Then
        assertThatThrownBy(() -> new TaskClassifier(List.of(code, tools), Task.MEDIUM))
                .hasMessage("r: a second rule of that name (expected: one)");
    }

    /** Against every point of a small space. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.penstock.Seeds#many")
    void shouldFindExactlyTheRulesThatCannotMatch(long seed) {
        // Given
        Random random = new Random(seed);
        List<ClassifierRule> earlier = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            earlier.add(rule("earlier" + i, conditions(random)));
        }
        ClassifierRule rule = rule("rule", conditions(random));

        // When
        boolean canMatch = RuleReach.canMatch(rule, earlier);

        // Then
        assertThat(canMatch).isEqualTo(matchesSomewhere(rule, earlier));
    }

    private static boolean matchesSomewhere(ClassifierRule rule, List<ClassifierRule> earlier) {
        for (long characters = 0; characters <= 5; characters++) {
            for (long tools = 0; tools <= 5; tools++) {
                for (long code = 0; code <= 1; code++) {
                    Map<Feature, Long> point =
                            Map.of(Feature.CHARACTERS, characters, Feature.TOOLS, tools, Feature.CODE, code);
                    if (rule.matches(point) && earlier.stream().noneMatch(other -> other.matches(point))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static Map<Feature, Range> conditions(Random random) {
        Map<Feature, Range> when = new EnumMap<>(Feature.class);
        for (Feature feature : List.of(Feature.CHARACTERS, Feature.TOOLS)) {
            if (random.nextInt(3) > 0) {
                long from = random.nextInt(5);
                when.put(
                        feature,
                        random.nextBoolean()
                                ? Range.atLeast(from)
                                : new Range(from, from + random.nextInt(5 - (int) from)));
            }
        }
        if (random.nextBoolean()) {
            when.put(Feature.CODE, random.nextBoolean() ? Range.atLeast(1) : Range.atMost(0));
        }
        return when;
    }

    private static ClassifierRule rule(String name, Map<Feature, Range> when) {
        return new ClassifierRule(name, Task.SIMPLE, when);
    }
}
