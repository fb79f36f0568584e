package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.schemas.Trim;
import dev.penstock.work.PromptFitting;
import dev.penstock.work.Route;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What tiering and trimming count. */
class SavingMetricsTest {

    private final MeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void shouldCountRequestsByTheirTierAndWhoChoseIt() {
        // Given
        TieringMetrics metrics = new TieringMetrics(meters, PenstockConfig.of().tiers());

        // When
        metrics.routed(route("simple", null, null));
        metrics.routed(route("simple", null, "rule short: characters 1 in 0..2"));
        metrics.routed(route("simple", null, "rule short: characters 2 in 0..2"));
        metrics.routed(route(null, "m-1", null));

        // Then
        assertThat(routed("simple", "request")).isEqualTo(1);
        assertThat(routed("simple", "classifier")).isEqualTo(2);
        assertThat(routed("none", "model")).isEqualTo(1);
        assertThat(routed("complex", "request")).isZero();
    }

    @Test
    void shouldCountWhatIsCutFromPrompts() {
        // Given
        ObjectNode body = JsonNodeFactory.instance.objectNode();

        // When
        fitting(new PromptFitting.Fit.Sendable(body, 0)).fit("t", body, null, 0, 1);
        fitting(new PromptFitting.Fit.Sendable(body, 70)).fit("t", body, null, 0, 1);
        fitting(new PromptFitting.Fit.Sendable(body, 5)).shorter("t", body);
        fitting(new PromptFitting.Fit.CannotFit("too long")).fit("t", body, null, 0, 1);

        // Then
        assertThat(prompts("shortened")).isEqualTo(2);
        assertThat(prompts("cannot_fit")).isEqualTo(1);
        assertThat(meters.get("penstock.trimming.tokens").counter().count()).isEqualTo(75);
    }

    private static Route route(@Nullable String tier, @Nullable String model, @Nullable String reason) {
        return new Route(tier, List.of("t"), model, Duration.ofSeconds(1), reason);
    }

    private double routed(String tier, String by) {
        return meters.get("penstock.tiering.routed")
                .tags("tier", tier, "by", by)
                .counter()
                .count();
    }

    private double prompts(String end) {
        return meters.get("penstock.trimming.prompts").tag("end", end).counter().count();
    }

    private MeteredFitting fitting(PromptFitting.Fit fit) {
        return new MeteredFitting(
                new PromptFitting() {
                    @Override
                    public Fit fit(
                            String target, ObjectNode body, @Nullable Trim trim, long contextTokens, long outputCap) {
                        return fit;
                    }

                    @Override
                    public Fit shorter(String target, ObjectNode refused) {
                        return fit;
                    }
                },
                meters);
    }
}
