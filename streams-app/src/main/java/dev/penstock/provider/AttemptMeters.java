package dev.penstock.provider;

import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.TokenUsage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is counted of the attempts at one target: how many, how they ended, how long they took, how many tokens. */
final class AttemptMeters {

    /** The thread was interrupted, or the provider code failed. */
    private static final String ABORTED = "aborted";

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2)
    };

    private final MeterRegistry meters;
    private final String target;
    private final GenAiMetrics genAi;
    private final Timer duration;
    private final Map<String, Counter> outcomes = new ConcurrentHashMap<>();

    AttemptMeters(MeterRegistry meters, TargetConfig config) {
        this.meters = meters;
        this.target = config.name();
        this.genAi = new GenAiMetrics(meters, config.kind().name().toLowerCase(Locale.ROOT), config.model());
        this.duration = Timer.builder("penstock.attempt.duration")
                .description("Time of one attempt")
                .tag("target", target)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    /** @param reply null if there is none */
    void attempt(String model, @Nullable ProviderReply reply, Duration took) {
        duration.record(took);
        outcomes.computeIfAbsent(outcome(reply), this::counter).increment();
        genAi.operation(model, error(reply), took);
        TokenUsage usage = usage(reply);
        if (usage != null) {
            genAi.usage(model, usage);
        }
    }

    private Counter counter(String outcome) {
        return Counter.builder("penstock.attempts")
                .description("Attempts by how they ended")
                .tag("target", target)
                .tag("outcome", outcome)
                .register(meters);
    }

    private static String outcome(@Nullable ProviderReply reply) {
        return switch (reply) {
            case null -> ABORTED;
            case ProviderReply.Answered answered -> "answered";
            case ProviderReply.Failed failed -> failed.failureClass().wireName();
        };
    }

    private static String error(@Nullable ProviderReply reply) {
        return switch (reply) {
            case null -> ABORTED;
            case ProviderReply.Answered answered -> "";
            case ProviderReply.Failed failed -> failed.code().reason();
        };
    }

    private static @Nullable TokenUsage usage(@Nullable ProviderReply reply) {
        return switch (reply) {
            case null -> null;
            case ProviderReply.Answered answered -> answered.usage();
            case ProviderReply.Failed failed -> failed.usage();
        };
    }
}
