package dev.penstock.provider;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a provider may reply. */
final class Replies {

    private Replies() {}

    static ProviderReply answered() {
        return answered(null);
    }

    static ProviderReply answered(@Nullable TokenUsage usage) {
        return new ProviderReply.Answered(200, "p-1", JsonMapper.shared().createObjectNode(), usage);
    }

    static ProviderReply failed(FailureClass failure) {
        return failed(failure, null);
    }

    static ProviderReply failed(FailureClass failure, @Nullable Duration retryAfter) {
        return new ProviderReply.Failed(
                failure, code(failure), null, failure == FailureClass.UNKNOWN, retryAfter, "scripted", null);
    }

    /** No answer to use, and a bill all the same. */
    static ProviderReply billed(FailureClass failure, TokenUsage usage) {
        return new ProviderReply.Failed(failure, code(failure), 200, true, null, "scripted", usage);
    }

    static ProviderReply outOfTime(FailureClass failure) {
        return ((ProviderReply.Failed) failed(failure)).asOutOfTime();
    }

    private static DeadLetterCode code(FailureClass failure) {
        return switch (failure) {
            case PERMANENT -> DeadLetterCode.PROVIDER_BAD_REQUEST;
            case CREDENTIALS -> DeadLetterCode.PROVIDER_CREDENTIALS;
            case SPEND_CAPPED -> DeadLetterCode.PROVIDER_SPEND_CAPPED;
            case THROTTLED -> DeadLetterCode.PROVIDER_THROTTLED;
            case TRANSIENT -> DeadLetterCode.PROVIDER_UNAVAILABLE;
            case UNKNOWN -> DeadLetterCode.PROVIDER_TIMEOUT;
        };
    }
}
