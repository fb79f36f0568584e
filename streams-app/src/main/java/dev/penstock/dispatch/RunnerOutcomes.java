package dev.penstock.dispatch;

import dev.penstock.config.TargetConfig;
import dev.penstock.provider.ProviderReply;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.TokenUsage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says, as an outcome, what a launch came to. */
final class RunnerOutcomes {

    private final Map<String, TargetConfig> targets;
    private final InstantSource clock;

    RunnerOutcomes(Map<String, TargetConfig> targets, InstantSource clock) {
        this.targets = Map.copyOf(targets);
        this.clock = clock;
    }

    Outcome answered(Launch launch, Tried tried, ProviderReply.Answered answered) {
        Outcome.Answer answer =
                new Outcome.Answer(answered.statusCode(), answered.providerRequestId(), answered.body());
        return outcome(launch, tried, Outcome.Kind.ANSWERED, answer, null, null, answered.usage());
    }

    Outcome failed(Launch launch, Tried tried, ProviderReply.Failed failed) {
        return outcome(launch, tried, Outcome.Kind.FAILED, null, failure(failed), null, failed.usage());
    }

    /** Nothing was billed, and it is not to be tried again before the time given. */
    Outcome parked(Launch launch, Tried tried, ProviderReply.@Nullable Failed last, Instant notBefore) {
        return outcome(launch, tried, Outcome.Kind.PARKED, null, last == null ? null : failure(last), notBefore, null);
    }

    Outcome notSent(Launch launch) {
        return outcome(launch, Tried.nothing(launch, clock.instant()), Outcome.Kind.NOT_SENT, null, null, null, null);
    }

    Outcome lost(Launch launch, Tried tried) {
        return outcome(launch, tried, Outcome.Kind.LOST, null, null, null, null);
    }

    static Outcome.Failure failure(ProviderReply.Failed failed) {
        return new Outcome.Failure(
                failed.failureClass(),
                failed.code(),
                failed.statusCode(),
                failed.possiblyBilled(),
                failed.retryAfter(),
                failed.detail());
    }

    private Outcome outcome(
            Launch launch,
            Tried tried,
            Outcome.Kind kind,
            Outcome.@Nullable Answer answer,
            Outcome.@Nullable Failure failure,
            @Nullable Instant notBefore,
            @Nullable TokenUsage usage) {
        return new Outcome(
                launch.ticket().id().toString(),
                launch.number(),
                launch.ticket().tenant(),
                launch.owner().toString(),
                kind,
                answer,
                failure,
                notBefore,
                tried.target(),
                ProviderBody.model(launch.route(), Objects.requireNonNull(targets.get(tried.target()))),
                launch.route().tier(),
                usage,
                tried.reports(),
                tried.startedAt(),
                clock.instant(),
                null,
                tried.trimmedTokens());
    }

    /**
     * What was tried within a launch.
     *
     * @param target the last one
     * @param startedAt when the last attempt began
     * @param reports all attempts in order
     * @param trimmedTokens what was cut from the prompt of the last one
     */
    record Tried(String target, Instant startedAt, List<AttemptReport> reports, long trimmedTokens) {
        static Tried nothing(Launch launch, Instant now) {
            return new Tried(launch.state().target(), now, List.of(), 0);
        }
    }
}
