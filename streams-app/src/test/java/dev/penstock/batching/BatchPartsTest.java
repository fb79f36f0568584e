package dev.penstock.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.RequestLines;
import dev.penstock.config.PenstockConfig;
import dev.penstock.schemas.BatchDirective;
import dev.penstock.schemas.CacheDirective;
import dev.penstock.schemas.Trim;
import dev.penstock.work.Route;
import dev.penstock.work.TenantPolicies;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the configuration makes of a shared prompt. */
class BatchPartsTest {

    private static final String[] TARGETS = {
        "targets.mini.model=m",
        "targets.mini.max_output_tokens=100",
        "targets.haiku.kind=anthropic",
        "targets.haiku.model=h",
        "tiers.simple.chain=mini",
        "tiers.medium.chain=mini",
        "tiers.complex.chain=mini"
    };

    @ParameterizedTest
    @CsvSource({
        "json_schema,mini,json_schema",
        "json_object,mini,json_object",
        "in_words,mini,",
        "json_schema,haiku,",
        "json_schema,'mini,haiku',"
    })
    void shouldHoldTheAnswerToItsFormWhereEveryTargetCan(String configured, String chain, String sent) {
        // Given
        BatchParts parts = parts("batching.answer_format=" + configured);

        // When
        JsonNode body = parts.prompt(List.of(Items.item("a"), Items.item("b")), route(chain.split(",")))
                .body();

        // Then
        assertThat(body.path("response_format").path("type").asString(null)).isEqualTo(sent);
    }

    /** Each has its own cap, and 40 tokens for its place. */
    @ParameterizedTest
    @CsvSource({"'',280", "',\"max_tokens\":60',200", "',\"max_completion_tokens\":900',500"})
    void shouldCapTheAnswerAtTheCapsOfAllAndTheLimit(String cap, int sent) {
        // Given
        BatchParts parts = parts("batching.max_output_tokens=500");
        BatchItem item = Items.gathered(Items.body("x", cap)).item();

        // When
        JsonNode body = parts.prompt(List.of(item, item), route("mini")).body();

        // Then
        String field = cap.contains("\"max_tokens\"") ? "max_tokens" : "max_completion_tokens";
        assertThat(body.path(field).asInt()).isEqualTo(sent);
    }

    @Test
    void shouldLeaveTheCallTheTimeThatAnAttemptMayTake() {
        // Given
        BatchParts parts = parts();
        var request = RequestLines.request(Items.body("x", ""), ",\"attempt_timeout_ms\":7000");

        // When / Then
        assertThat(parts.limits(request, route("mini")).callTime()).isEqualTo(Duration.ofSeconds(7));
    }

    private static Route route(String... chain) {
        return new Route(null, List.of(chain), null, Duration.ofSeconds(30));
    }

    private static BatchParts parts(String... sets) {
        String[] all = Stream.concat(Stream.of(TARGETS), Stream.of(sets)).toArray(String[]::new);
        return new BatchParts(
                PenstockConfig.of(all), new NoPolicies(), text -> text.length(), new NoListener(), new Random(1));
    }

    private static final class NoPolicies implements TenantPolicies {

        @Override
        public @Nullable BatchDirective batching(TaskId task, String tenant) {
            return null;
        }

        @Override
        public @Nullable CacheDirective caching(TaskId task, String tenant) {
            return null;
        }

        @Override
        public @Nullable Trim trimming(TaskId task, String tenant) {
            return null;
        }

        @Override
        public @Nullable List<String> tiers(TaskId task, String tenant) {
            return null;
        }
    }

    private static final class NoListener implements BatchListener {

        @Override
        public void left(int members) {}

        @Override
        public void nobodyElse() {}

        @Override
        public void answered() {}

        @Override
        public void again(String why) {}

        @Override
        public void unknown(int elements) {}
    }
}
