package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.WireCodec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

class WritableOutcomesTest {

    private static final TokenUsage USAGE = new TokenUsage(7, 5, 0, 0);

    private final WritableOutcomes outcomes = new WritableOutcomes();

    @Test
    void shouldWriteAnOutcomeThatFitsAsItIs() throws Exception {
        // Given
        Outcome outcome = answered(JsonMapper.shared().createObjectNode().put("text", "hi"));

        // When
        Outcome read = new WireCodec().readOutcome(outcomes.bytesOf(outcome));

        // Then
        assertThat(read).isEqualTo(outcome);
    }

    @Test
    void shouldWriteThatAnAnswerGrewTooLargeAndKeepWhatItUsed() throws Exception {
        // Given
        ArrayNode numbers = JsonMapper.shared().createArrayNode();
        for (int i = 0; i < RecordSizes.MAX_RECORD_BYTES / 5; i++) {
            numbers.add(new BigDecimal("1E5"));
        }

        // When
        byte[] bytes = outcomes.bytesOf(answered(numbers));

        // Then
        Outcome read = new WireCodec().readOutcome(bytes);
        assertThat(failureOf(read).code()).isEqualTo(DeadLetterCode.PROVIDER_ANSWER_TOO_LARGE);
        assertThat(failureOf(read).possiblyBilled()).isTrue();
        assertThat(read.usage()).isEqualTo(USAGE);
        assertThat(read.attempt()).isEqualTo(3);
    }

    @Test
    void shouldWriteThatAnAnswerIsNoUseWhenItCannotBeWritten() throws Exception {
        // Given
        ArrayNode deep = JsonMapper.shared().createArrayNode();
        ArrayNode innermost = deep;
        for (int i = 0; i <= CodecLimits.HIGHEST_DEPTH; i++) {
            innermost = innermost.addArray();
        }

        // When
        Outcome read = new WireCodec().readOutcome(outcomes.bytesOf(answered(deep)));

        // Then
        assertThat(failureOf(read).code()).isEqualTo(DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
        assertThat(failureOf(read).possiblyBilled()).isTrue();
        assertThat(read.usage()).isEqualTo(USAGE);
    }

    private static Outcome.Failure failureOf(Outcome outcome) {
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        Outcome.Failure failure = outcome.failure();
        if (failure == null) {
            throw new AssertionError("a failed outcome says why");
        }
        return failure;
    }

    private static Outcome answered(JsonNode body) {
        Instant at = TestPipeline.START;
        return new Outcome(
                "llm.requests-0-1",
                3,
                "acme",
                "node/run",
                Outcome.Kind.ANSWERED,
                new Outcome.Answer(200, "p-1", body),
                null,
                null,
                "fake",
                "m-1",
                null,
                USAGE,
                List.of(new AttemptReport("fake", "answered", 3)),
                at,
                at.plusMillis(3),
                null);
    }
}
