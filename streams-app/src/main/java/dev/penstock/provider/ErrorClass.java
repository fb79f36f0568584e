package dev.penstock.provider;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What kind of failure it was: decides whether to try again, where, and what is charged. */
public sealed interface ErrorClass {

    FailureClass failureClass();

    DeadLetterCode code();

    /** False only if it is certain that nothing was billed. */
    boolean possiblyBilled();

    /** The request itself is at fault, or the provider said not to come back with it. */
    record Permanent(DeadLetterCode code, boolean possiblyBilled) implements ErrorClass {
        @Override
        public FailureClass failureClass() {
            return FailureClass.PERMANENT;
        }
    }

    /** The key is missing, wrong or not allowed to do this. */
    record Credentials() implements ErrorClass {
        @Override
        public FailureClass failureClass() {
            return FailureClass.CREDENTIALS;
        }

        @Override
        public DeadLetterCode code() {
            return DeadLetterCode.PROVIDER_CREDENTIALS;
        }

        @Override
        public boolean possiblyBilled() {
            return false;
        }
    }

    /** The account has no money left; time alone does not help. */
    record SpendCapped() implements ErrorClass {
        @Override
        public FailureClass failureClass() {
            return FailureClass.SPEND_CAPPED;
        }

        @Override
        public DeadLetterCode code() {
            return DeadLetterCode.PROVIDER_SPEND_CAPPED;
        }

        @Override
        public boolean possiblyBilled() {
            return false;
        }
    }

    /** Too many calls; time helps. */
    record Throttled() implements ErrorClass {
        @Override
        public FailureClass failureClass() {
            return FailureClass.THROTTLED;
        }

        @Override
        public DeadLetterCode code() {
            return DeadLetterCode.PROVIDER_THROTTLED;
        }

        @Override
        public boolean possiblyBilled() {
            return false;
        }
    }

    /** The provider could not be reached or said that it failed. */
    record Transient(DeadLetterCode code, boolean possiblyBilled) implements ErrorClass {
        @Override
        public FailureClass failureClass() {
            return FailureClass.TRANSIENT;
        }
    }

    /** The request left and nothing usable came back: it may have been answered and billed. */
    record Unknown(DeadLetterCode code) implements ErrorClass {
        @Override
        public FailureClass failureClass() {
            return FailureClass.UNKNOWN;
        }

        @Override
        public boolean possiblyBilled() {
            return true;
        }
    }

    /**
     * The failure as a reply.
     *
     * @param detail in our own words, see {@link ProviderReply.Failed}
     */
    default ProviderReply.Failed failed(
            @Nullable Integer statusCode, @Nullable Duration retryAfter, String detail, @Nullable TokenUsage usage) {
        return new ProviderReply.Failed(
                failureClass(), code(), statusCode, possiblyBilled(), retryAfter, detail, usage);
    }
}
