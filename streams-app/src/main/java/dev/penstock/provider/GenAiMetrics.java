package dev.penstock.provider;

import dev.penstock.schemas.TokenUsage;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * What OpenTelemetry's conventions for generative AI ask a client to measure, under their names. They are in development:
 * the names stand here and nowhere else. Requests may name any model, so only the target's own is a tag value; every other
 * one is {@code other}. The response's model is left out: it is the provider's text.
 */
final class GenAiMetrics {

    private static final String OPERATION_DURATION = "gen_ai.client.operation.duration";
    private static final String TOKEN_USAGE = "gen_ai.client.token.usage";
    private static final String OPERATION = "gen_ai.operation.name";
    private static final String PROVIDER = "gen_ai.provider.name";
    private static final String REQUEST_MODEL = "gen_ai.request.model";
    private static final String TOKEN_TYPE = "gen_ai.token.type";
    private static final String ERROR_TYPE = "error.type";

    private static final String OTHER_MODEL = "other";

    /** 10 ms, doubling, to 81.92 s. */
    private static final Duration[] DURATIONS =
            LongStream.range(0, 14).mapToObj(n -> Duration.ofMillis(10L << n)).toArray(Duration[]::new);

    /** 1, times four, to 67,108,864. */
    private static final double[] TOKENS =
            DoubleStream.iterate(1, tokens -> tokens * 4).limit(14).toArray();

    private record Operation(String model, String error) {}

    private record Tokens(String model, String type) {}

    private final MeterRegistry meters;
    private final Tags common;
    private final String ownModel;
    private final Map<Operation, Timer> operations = new ConcurrentHashMap<>();
    private final Map<Tokens, DistributionSummary> usages = new ConcurrentHashMap<>();

    /**
     * @param provider who it is, by the name that the conventions have for it
     * @param ownModel the one that may be a tag value
     */
    GenAiMetrics(MeterRegistry meters, String provider, String ownModel) {
        this.meters = meters;
        this.common = Tags.of(OPERATION, "chat", PROVIDER, provider);
        this.ownModel = ownModel;
    }

    /** @param error why there was no answer, from a closed list; empty if there was one */
    void operation(String model, String error, Duration took) {
        operations
                .computeIfAbsent(new Operation(bounded(model), error), this::timer)
                .record(took);
    }

    void usage(String model, TokenUsage usage) {
        tokens(model, "input").record((double) usage.promptTokens());
        tokens(model, "output").record((double) usage.completionTokens());
    }

    private String bounded(String model) {
        return model.equals(ownModel) ? ownModel : OTHER_MODEL;
    }

    private DistributionSummary tokens(String model, String type) {
        return usages.computeIfAbsent(new Tokens(bounded(model), type), this::summary);
    }

    private Timer timer(Operation operation) {
        return Timer.builder(OPERATION_DURATION)
                .description("Time of one attempt at a model")
                .tags(common.and(REQUEST_MODEL, operation.model(), ERROR_TYPE, operation.error()))
                .serviceLevelObjectives(DURATIONS)
                .register(meters);
    }

    private DistributionSummary summary(Tokens tokens) {
        return DistributionSummary.builder(TOKEN_USAGE)
                .description("Tokens of one attempt, as the provider counted them")
                .tags(common.and(REQUEST_MODEL, tokens.model(), TOKEN_TYPE, tokens.type()))
                .serviceLevelObjectives(TOKENS)
                .register(meters);
    }
}
