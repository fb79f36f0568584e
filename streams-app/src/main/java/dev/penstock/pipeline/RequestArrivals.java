package dev.penstock.pipeline;

import dev.penstock.work.HeaderNames;
import dev.penstock.work.IntakeGate;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * The first node behind the requests. As {@link Arrivals}, and it knows what else an earlier version forwarded through the
 * rerouted topic, before there was a topic for it: policies and usage events go to the stage that reads them. While budgets
 * are off there is none: what was forwarded before is passed over, and still stands on the topic that it came from.
 */
final class RequestArrivals extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

    private final IntakeGate gate;
    private final Topics topics;
    private final String rerouted;
    private final boolean budgets;

    /** @param budgets whether the stage is there that reads policies and usage */
    RequestArrivals(IntakeGate gate, Topics topics, boolean budgets) {
        this.budgets = budgets;
        this.gate = gate;
        this.topics = topics;
        this.rerouted = topics.rerouted();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata at = context().recordMetadata().orElseThrow();
        boolean request = !at.topic().equals(rerouted) || isRequest(record);
        if (request || budgets) {
            context()
                    .forward(
                            record.withTimestamp(context().currentSystemTimeMs()),
                            request ? Nodes.INTAKE : Nodes.BUDGET);
        }
        gate.processed(at.topic(), at.partition(), at.offset());
    }

    private boolean isRequest(Record<byte[], byte[]> record) {
        Header origin = record.headers().lastHeader(HeaderNames.ORIGIN_TOPIC);
        if (origin == null || origin.value() == null) {
            return true;
        }
        String topic = new String(origin.value(), StandardCharsets.UTF_8);
        return !topic.equals(topics.tenants()) && !topic.equals(topics.usage());
    }
}
