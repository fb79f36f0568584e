package dev.penstock.pipeline;

import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.WireCodec;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes in a form that the topic takes. An answer can pass the provider's limit and still be too large here
 * ({@code 1E5} is written as {@code 1E+5}); a record that the producer refuses would leave its request without an end.
 */
final class WritableOutcomes {

    /** Room for the key, headers, framing and compression that does not help. */
    private static final int MAX_VALUE_BYTES = RecordSizes.MAX_RECORD_BYTES - 4 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(WritableOutcomes.class);

    private final WireCodec codec = new WireCodec();

    /** The outcome as bytes; if it cannot be written, that it cannot, and still what it used. */
    byte[] bytesOf(Outcome outcome) {
        byte[] bytes;
        try {
            bytes = codec.write(outcome);
        } catch (RuntimeException | Error e) {
            // The message may quote the answer; the type does not.
            LOG.atError()
                    .addKeyValue("request_id", outcome.requestId())
                    .addKeyValue("exception", e.getClass().getName())
                    .log("an outcome cannot be encoded");
            return codec.write(
                    without(outcome, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER, "the answer cannot be encoded"));
        }
        if (bytes.length <= MAX_VALUE_BYTES) {
            return bytes;
        }
        String detail = "outcome: " + bytes.length + " bytes (expected: at most " + MAX_VALUE_BYTES + ")";
        return codec.write(without(outcome, DeadLetterCode.PROVIDER_ANSWER_TOO_LARGE, detail));
    }

    private static Outcome without(Outcome outcome, DeadLetterCode code, String detail) {
        Integer status = outcome.answer() == null
                ? null
                : Objects.requireNonNull(outcome.answer()).statusCode();
        return new Outcome(
                outcome.requestId(),
                outcome.attempt(),
                outcome.tenant(),
                outcome.owner(),
                Outcome.Kind.FAILED,
                null,
                new Outcome.Failure(FailureClass.PERMANENT, code, status, true, null, detail),
                null,
                outcome.provider(),
                outcome.model(),
                outcome.tier(),
                outcome.usage(),
                outcome.attempts(),
                outcome.startedAt(),
                outcome.endedAt(),
                outcome.priceVersion());
    }
}
