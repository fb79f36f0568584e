package dev.penstock.pipeline;

import dev.penstock.work.IntakeGate;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The first node behind each source. It gives the record wall-clock time back, before any store is touched: whatever is
 * forwarded or logged with a rank for a time would be deleted early by time retention.
 */
final class Arrivals extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

    private final IntakeGate gate;

    Arrivals(IntakeGate gate) {
        this.gate = gate;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        context().forward(record.withTimestamp(context().currentSystemTimeMs()));
        context().recordMetadata().ifPresent(at -> gate.processed(at.topic(), at.partition(), at.offset()));
    }
}
