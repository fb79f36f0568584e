package dev.penstock.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.Timings;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.work.Emission;
import dev.penstock.work.Origin;
import dev.penstock.work.RequestId;
import dev.penstock.work.Ticket;
import dev.penstock.work.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ResultsTest {

    private static final Instant ADMITTED = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectNode METADATA =
            JsonMapper.shared().createObjectNode().put("a", 1);
    private static final ObjectNode BODY =
            JsonMapper.shared().createObjectNode().put("text", "hi");

    @Test
    void shouldSayWhatTheProviderSaidAndWhereTheTimeWent() {
        // When
        Result result = Results.of(terminal(Source.PROVIDER, "p-1"), answer("p-1"), ADMITTED.plusMillis(100));

        // Then
        assertThat(result.id()).isEqualTo("llm.requests-0-4");
        assertThat(result.customId()).isEqualTo("c-1");
        assertThat(result.response()).isEqualTo(new Result.Response(200, "p-1", BODY));
        assertThat(result.penstock().requestId()).isEqualTo("llm.requests-0-4");
        assertThat(result.penstock().timings()).isEqualTo(new Timings(10, 60, 100));
        assertThat(result.penstock().metadata()).isEqualTo(METADATA);
        assertThat(result.penstock().tier()).isEqualTo("gold");
        assertThat(result.penstock().usage()).isEqualTo(new TokenUsage(1, 2, 3, 4));
        assertThat(result.penstock().attempts()).hasSize(1);
        assertThat(result.penstock().admittedAt()).isEqualTo(ADMITTED);
    }

    @Test
    void shouldNotCountTheLeadersTimeForADuplicate() {
        // When
        Result result = Results.of(terminal(Source.DUPLICATE, null), answer(null), ADMITTED.plusMillis(100));

        // Then
        assertThat(result.penstock().timings()).isEqualTo(new Timings(100, 0, 100));
        assertThat(result.penstock().source()).isEqualTo(Source.DUPLICATE);
    }

    @Test
    void shouldNameACallThatTheProviderDidNotName() {
        // When
        Result result = Results.of(terminal(Source.PROVIDER, null), answer(null), ADMITTED);

        // Then
        assertThat(result.response().requestId()).isEqualTo("llm.requests-0-4");
    }

    @Test
    void shouldCountNothingAgainstAClockThatWasSetBack() {
        // When
        Result result = Results.of(terminal(Source.PROVIDER, null), answer(null), ADMITTED.minusSeconds(3_600));

        // Then
        assertThat(result.penstock().timings()).isEqualTo(new Timings(10, 60, 0));
    }

    private static Emission.Terminal terminal(Source source, @Nullable String requestId) {
        Ticket ticket = new Ticket(
                new Origin(new RequestId("llm.requests", 0, 4), 0, 0, null),
                "acme",
                "c-1",
                METADATA,
                Priority.NORMAL,
                InDoubtPolicy.RETRY,
                ADMITTED,
                ADMITTED.plusSeconds(600));
        return new Emission.Terminal(ticket, new byte[0], answer(requestId), source, null);
    }

    private static Verdict.Answer answer(@Nullable String requestId) {
        return new Verdict.Answer(
                200,
                requestId,
                BODY,
                "fake",
                "m-1",
                "gold",
                List.of(new AttemptReport("fake", "answered", 60)),
                new TokenUsage(1, 2, 3, 4),
                null,
                null,
                ADMITTED.plusMillis(10),
                ADMITTED.plusMillis(70),
                null,
                null,
                null);
    }
}
