package dev.penstock.dispatch;

import dev.penstock.config.ProviderConfig;
import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one call and says, as an outcome, what it came to. Whatever happens, there is one. */
final class ProviderCalls {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderCalls.class);

    private final Provider provider;
    private final String name;
    private final ProviderBody body;
    private final InstantSource clock;

    ProviderCalls(Provider provider, ProviderConfig config, InstantSource clock) {
        this.provider = provider;
        this.name = config.name();
        this.body = new ProviderBody(config.model(), config.maxOutputTokens());
        this.clock = clock;
    }

    Outcome make(Launch launch) {
        Instant startedAt = clock.instant();
        try {
            ProviderReply reply = provider.call(new ProviderCall(
                    launch.idempotencyKey(),
                    launch.request().url(),
                    body.of(launch.request().body()),
                    launch.timeout(),
                    launch.ticket().origin().traceparent()));
            return switch (reply) {
                case ProviderReply.Answered answered -> answered(launch, startedAt, answered);
                case ProviderReply.Failed failed -> failed(launch, startedAt, failed);
            };
        } catch (InterruptedException e) {
            return outcome(launch, Outcome.Kind.LOST, null, null, null, startedAt, attempt("lost", startedAt));
        } catch (RuntimeException | Error e) {
            // The message may quote the prompt; the type and place do not.
            LOG.atError()
                    .addKeyValue("request_id", launch.ticket().id())
                    .addKeyValue("exception", e.getClass().getName())
                    .addKeyValue("at", e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0])
                    .log("the provider code failed; the call counts as cut");
            return failed(
                    launch,
                    startedAt,
                    new ProviderReply.Failed(
                            FailureClass.UNKNOWN,
                            DeadLetterCode.PROVIDER_CUT,
                            null,
                            true,
                            null,
                            "the call failed inside the pipeline: "
                                    + e.getClass().getSimpleName(),
                            null));
        }
    }

    Outcome notSent(Launch launch) {
        Instant now = clock.instant();
        return outcome(launch, Outcome.Kind.NOT_SENT, null, null, null, now, List.of());
    }

    private Outcome answered(Launch launch, Instant startedAt, ProviderReply.Answered answered) {
        return outcome(
                launch,
                Outcome.Kind.ANSWERED,
                new Outcome.Answer(answered.statusCode(), answered.providerRequestId(), answered.body()),
                null,
                answered.usage(),
                startedAt,
                attempt("answered", startedAt));
    }

    private Outcome failed(Launch launch, Instant startedAt, ProviderReply.Failed failed) {
        return outcome(
                launch,
                Outcome.Kind.FAILED,
                null,
                new Outcome.Failure(
                        failed.failureClass(),
                        failed.code(),
                        failed.statusCode(),
                        failed.possiblyBilled(),
                        failed.retryAfter(),
                        failed.detail()),
                failed.usage(),
                startedAt,
                attempt(failed.code().reason(), startedAt));
    }

    private List<AttemptReport> attempt(String outcome, Instant startedAt) {
        long millis = Duration.between(startedAt, clock.instant()).toMillis();
        return List.of(new AttemptReport(name, outcome, Math.max(0, millis)));
    }

    private Outcome outcome(
            Launch launch,
            Outcome.Kind kind,
            Outcome.@Nullable Answer answer,
            Outcome.@Nullable Failure failure,
            @Nullable TokenUsage usage,
            Instant startedAt,
            List<AttemptReport> attempts) {
        return new Outcome(
                launch.ticket().id().toString(),
                launch.number(),
                launch.ticket().tenant(),
                launch.owner().toString(),
                kind,
                answer,
                failure,
                null,
                name,
                body.modelFor(launch.request().body()),
                null,
                usage,
                attempts,
                startedAt,
                clock.instant(),
                null);
    }
}
