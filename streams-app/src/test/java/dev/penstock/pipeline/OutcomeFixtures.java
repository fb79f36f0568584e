package dev.penstock.pipeline;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.TokenUsage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a runner would publish. */
final class OutcomeFixtures {

    static final TokenUsage USAGE = new TokenUsage(7, 5, 0, 0);

    private OutcomeFixtures() {}

    static Outcome answered(Launch launch, String text) {
        return answered(launch, text, USAGE);
    }

    static Outcome answered(Launch launch, String text, TokenUsage usage) {
        Outcome.Answer answer = new Outcome.Answer(
                200, "provider-1", JsonMapper.shared().createObjectNode().put("text", text));
        return outcome(launch, Outcome.Kind.ANSWERED, answer, null, null, usage);
    }

    /** Answered by a model of that name. */
    static Outcome answeredBy(Launch launch, String model, TokenUsage usage) {
        Outcome.Answer answer = new Outcome.Answer(
                200, "provider-1", JsonMapper.shared().createObjectNode().put("text", "hi"));
        return outcome(launch, model, Outcome.Kind.ANSWERED, answer, null, null, usage);
    }

    /** A whole chat completion. */
    static Outcome completed(Launch launch, String text) {
        return completed(launch, text, USAGE);
    }

    static Outcome completed(Launch launch, String text, TokenUsage usage) {
        return chat(launch, text, "stop", usage);
    }

    /** One that its output cap cut. */
    static Outcome cut(Launch launch, String text) {
        return chat(launch, text, "length", USAGE);
    }

    private static Outcome chat(Launch launch, String text, String finishReason, TokenUsage usage) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.putArray("choices")
                .addObject()
                .put("finish_reason", finishReason)
                .putObject("message")
                .put("role", "assistant")
                .put("content", text);
        return outcome(launch, Outcome.Kind.ANSWERED, new Outcome.Answer(200, "provider-1", body), null, null, usage);
    }

    /** Fails for good: no attempt anywhere would do better. Whether a replay may is for the code to say. */
    static Outcome failed(Launch launch, DeadLetterCode code, boolean possiblyBilled) {
        return failed(launch, FailureClass.PERMANENT, code, possiblyBilled);
    }

    static Outcome failed(Launch launch, FailureClass failureClass, DeadLetterCode code, boolean possiblyBilled) {
        Outcome.Failure failure =
                new Outcome.Failure(failureClass, code, 503, possiblyBilled, null, "provider said 503");
        return outcome(launch, Outcome.Kind.FAILED, null, failure, null, null);
    }

    /** Not billed, and to rest until the time given. */
    static Outcome parked(Launch launch, DeadLetterCode code, Instant notBefore) {
        Outcome.Failure failure =
                new Outcome.Failure(FailureClass.THROTTLED, code, 429, false, null, "provider said 429");
        return outcome(launch, Outcome.Kind.PARKED, null, failure, notBefore, null);
    }

    static Outcome ended(Launch launch, Outcome.Kind kind) {
        return outcome(launch, kind, null, null, null, null);
    }

    private static Outcome outcome(
            Launch launch,
            Outcome.Kind kind,
            Outcome.@Nullable Answer answer,
            Outcome.@Nullable Failure failure,
            @Nullable Instant notBefore,
            @Nullable TokenUsage usage) {
        return outcome(launch, "m-1", kind, answer, failure, notBefore, usage);
    }

    private static Outcome outcome(
            Launch launch,
            String model,
            Outcome.Kind kind,
            Outcome.@Nullable Answer answer,
            Outcome.@Nullable Failure failure,
            @Nullable Instant notBefore,
            @Nullable TokenUsage usage) {
        Instant at = TestPipeline.START;
        return new Outcome(
                launch.ticket().id().toString(),
                launch.number(),
                launch.ticket().tenant(),
                launch.owner().toString(),
                kind,
                answer,
                failure,
                notBefore,
                launch.state().target(),
                model,
                launch.route().tier(),
                usage,
                kind == Outcome.Kind.NOT_SENT
                        ? List.of()
                        : List.of(new AttemptReport(
                                launch.state().target(),
                                failure == null ? "some" : failure.code().reason(),
                                3)),
                at,
                at.plusMillis(3),
                null);
    }
}
