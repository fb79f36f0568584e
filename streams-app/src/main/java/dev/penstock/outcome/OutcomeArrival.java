package dev.penstock.outcome;

import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.WireCodec;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads outcome records. Only the pipeline may write them, so one that cannot be read is passed over, loudly. */
final class OutcomeArrival extends ContextualProcessor<byte[], byte[], String, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeArrival.class);

    private static final byte[] NOTHING = {};

    private final WireCodec codec;

    OutcomeArrival(WireCodec codec) {
        this.codec = codec;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        try {
            // A deletion is no outcome either.
            byte[] value = Objects.requireNonNullElse(record.value(), NOTHING);
            Outcome outcome = codec.readOutcome(value);
            context().forward(new Record<>(outcome.tenant(), outcome, record.timestamp()));
        } catch (MalformedRecordException e) {
            LOG.atError()
                    .addKeyValue("at", place())
                    .addKeyValue("why", e.getMessage())
                    .log("a record on the outcomes topic is no outcome: who else writes there?");
        }
    }

    /** Not the metadata as text: that prints all headers. */
    private String place() {
        return context()
                .recordMetadata()
                .map(at -> at.topic() + "-" + at.partition() + "-" + at.offset())
                .orElse("");
    }
}
