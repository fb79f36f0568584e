package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class StackMetricsTest {

    private static final String MINI = "mini";

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final StackFixture stack = new StackFixture(
            StackFixture.BREAKER, meters, target(MINI, "account", 0, 0, 16), target("haiku", "other", 0, 0, 8));

    private double value(String series) {
        return meters.scrape()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(series + " is not in\n" + meters.scrape()));
    }

    private static ProviderCall callOf(String model) {
        return new ProviderCall(
                "key",
                "/v1/chat/completions",
                JsonMapper.shared().createObjectNode().put("model", model),
                Duration.ofSeconds(30),
                null);
    }

    @Test
    void shouldCountAttemptsByTargetAndOutcome() throws InterruptedException {
        // When
        stack.attempts(3, MINI, Replies.answered());
        stack.attempt(MINI, Replies.failed(FailureClass.UNKNOWN));
        stack.attempt("haiku", Replies.failed(FailureClass.CREDENTIALS));
        stack.willDo(call -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(() -> stack.lease(MINI).call(StackFixture.call())).isInstanceOf(InterruptedException.class);
        stack.lease(MINI).cancel();

        // Then
        assertThat(value("penstock_attempts_total{outcome=\"answered\",target=\"mini\"}"))
                .isEqualTo(3);
        assertThat(value("penstock_attempts_total{outcome=\"unknown\",target=\"mini\"}"))
                .isEqualTo(1);
        assertThat(value("penstock_attempts_total{outcome=\"aborted\",target=\"mini\"}"))
                .isEqualTo(1);
        assertThat(value("penstock_attempts_total{outcome=\"credentials\",target=\"haiku\"}"))
                .isEqualTo(1);
        assertThat(value("penstock_attempt_duration_seconds_count{target=\"mini\"}"))
                .isEqualTo(5);
    }

    @Test
    void shouldMeasureUnderTheNamesOfOpenTelemetry() {
        // When
        stack.attempt(MINI, Replies.answered(new TokenUsage(70, 5, 0, 0)));
        stack.attempt(MINI, Replies.failed(FailureClass.UNKNOWN));

        // Then
        String common = "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\"";
        String model = ",gen_ai_request_model=\"gpt-4o-mini\"";
        String duration = "gen_ai_client_operation_duration_seconds_";
        assertThat(value(duration + "count{error_type=\"\"," + common + model + "}"))
                .isEqualTo(1);
        assertThat(value(duration + "count{error_type=\"timeout\"," + common + model + "}"))
                .isEqualTo(1);
        assertThat(value(duration + "bucket{error_type=\"\"," + common + model + ",le=\"0.01\"}"))
                .isBetween(0.0, 1.0);
        assertThat(value(duration + "bucket{error_type=\"\"," + common + model + ",le=\"81.92\"}"))
                .isEqualTo(1);
        String tokens = "gen_ai_client_token_usage_";
        assertThat(value(tokens + "sum{" + common + model + ",gen_ai_token_type=\"input\"}"))
                .isEqualTo(70);
        assertThat(value(tokens + "sum{" + common + model + ",gen_ai_token_type=\"output\"}"))
                .isEqualTo(5);
        assertThat(value(tokens + "bucket{" + common + model + ",gen_ai_token_type=\"input\",le=\"64.0\"}"))
                .isZero();
        assertThat(value(tokens + "bucket{" + common + model + ",gen_ai_token_type=\"input\",le=\"6.7108864E7\"}"))
                .isEqualTo(1);
    }

    @Test
    void shouldNotMakeSeriesOfWhatUsersWrite() throws InterruptedException {
        // Given
        stack.willReply(Replies.answered(new TokenUsage(1, 1, 0, 0)));
        stack.lease(MINI).call(callOf("canary-0"));
        long before = meters.scrape().lines().count();

        // When
        for (int i = 1; i < 500; i++) {
            stack.lease(MINI).call(callOf("canary-" + i));
        }

        // Then
        assertThat(meters.scrape().lines().count()).isEqualTo(before);
        assertThat(meters.scrape()).doesNotContain("canary");
    }

    @Test
    void shouldShowHowTargetsStand() {
        // Given
        stack.enterAll("haiku");

        // When
        stack.attempts(5, MINI, Replies.failed(FailureClass.TRANSIENT));

        // Then
        assertThat(value("penstock_breaker_state{target=\"mini\"}")).isEqualTo(2);
        assertThat(value("penstock_target_state{target=\"mini\"}")).isEqualTo(2);
        assertThat(value("penstock_breaker_state{target=\"haiku\"}")).isZero();
        assertThat(value("penstock_target_state{target=\"haiku\"}")).isEqualTo(1);
        assertThat(value("penstock_target_concurrency_limit{target=\"mini\"}")).isEqualTo(16);
        assertThat(value("penstock_target_concurrency_used{target=\"haiku\"}")).isEqualTo(8);
    }

    @Test
    void shouldCountForHowLongGatesWereClosed() {
        // When
        Lease later = stack.lease(MINI);
        stack.attempt(MINI, Replies.failed(FailureClass.THROTTLED, Duration.ofSeconds(10)));
        stack.clock.after(Duration.ofSeconds(2));
        stack.end(later, Replies.failed(FailureClass.THROTTLED, Duration.ofSeconds(10)));
        stack.attempt("haiku", Replies.failed(FailureClass.CREDENTIALS));

        // Then
        String closed = "penstock_gate_closed_seconds_total";
        assertThat(value(closed + "{quota=\"account\",reason=\"throttled\",target=\"\"}"))
                .isEqualTo(12);
        assertThat(value(closed + "{quota=\"account\",reason=\"spend_capped\",target=\"\"}"))
                .isZero();
        assertThat(value(closed + "{quota=\"other\",reason=\"credentials\",target=\"haiku\"}"))
                .isEqualTo(60);
    }

    @Test
    void shouldCountWhatPlansCameTo() {
        // Given
        RetryBudget budget = new RetryBudget(0, 7);
        AttemptMetrics metrics = new AttemptMetrics(meters, stack.targets.names(), budget, stack.clock);
        Instant now = stack.clock.instant();

        // When
        metrics.planned(new Step.Try(MINI, now, Step.Kind.FIRST));
        metrics.planned(new Step.Try("haiku", now, Step.Kind.FALLBACK));
        metrics.planned(new Step.Try(MINI, now, Step.Kind.RETRY));
        metrics.planned(new Step.Park(now, Step.Reason.CLOSED));
        metrics.planned(new Step.GiveUp());
        budget.tryRetry("tenant", now);

        // Then
        assertThat(value("penstock_retries_total{target=\"mini\"}")).isEqualTo(1);
        assertThat(value("penstock_fallbacks_total{target=\"haiku\"}")).isEqualTo(1);
        assertThat(value("penstock_fallbacks_total{target=\"mini\"}")).isZero();
        assertThat(value("penstock_parks_total{reason=\"closed\"}")).isEqualTo(1);
        assertThat(value("penstock_retry_budget_left")).isEqualTo(6);
    }

    /** A registry is shared, and others may add filters to it. */
    @Test
    void shouldKeepAnAnswerThatCannotBeMeasured() {
        // Given
        meters.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                if (id.getName().equals("penstock.attempts")) {
                    throw new IllegalStateException("scripted");
                }
                return id;
            }
        });

        // When
        ProviderReply reply = stack.attempt(MINI, Replies.answered());

        // Then
        assertThat(reply).isInstanceOf(ProviderReply.Answered.class);
        assertThat(stack.view(MINI).breaker()).isEqualTo("closed");
        assertThat(stack.enterAll(MINI)).hasSize(16);
    }
}
