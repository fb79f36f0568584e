package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.penstock.guarantees.Delivery;
import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.HistoryRecorder;
import dev.penstock.guarantees.Message;
import dev.penstock.guarantees.Position;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends requests and writes down what became of each. */
final class RequestSender implements AutoCloseable {

    private final String topic;
    private final HistoryRecorder recorder;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Queue<Future<?>> pending = new ConcurrentLinkedQueue<>();

    /**
     * One request at a time per connection: a partition that knows nothing of a producer takes any first sequence number, so
     * of two batches on their way to a partition that is still opening, the second may win, and the first is refused for good.
     */
    RequestSender(String bootstrap, String topic, HistoryRecorder recorder) {
        this.topic = topic;
        this.recorder = recorder;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "acks",
                        "all",
                        "linger.ms",
                        5,
                        "max.request.size",
                        4_000_000,
                        "max.in.flight.requests.per.connection",
                        1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Sends all, and returns when each was acknowledged or given up. */
    void send(List<Workload.Line> lines) {
        lines.forEach(line -> send(line.tenant().getBytes(UTF_8), line.json().getBytes(UTF_8)));
        flush();
    }

    /** Starts to send one record, to the partition of its key. */
    void send(byte @Nullable [] key, byte @Nullable [] value) {
        send(new ProducerRecord<>(topic, key, value));
    }

    /** Starts to send one record as it is. */
    void send(ProducerRecord<byte[], byte[]> request) {
        send(request, position -> {});
    }

    /**
     * Starts to send one record as it is.
     *
     * @param acked told where it stands, if the broker says so
     */
    void send(ProducerRecord<byte[], byte[]> request, Consumer<Position> acked) {
        Message message = Message.of(request.key(), request.value(), Map.of());
        pending.add(producer.send(request, (metadata, failure) -> {
            if (failure != null) {
                recorder.add(new Event.Produced(
                        message, new Delivery.Unknown(failure.getClass().getSimpleName())));
                return;
            }
            Position position = new Position(metadata.topic(), metadata.partition(), metadata.offset());
            recorder.add(new Event.Produced(message, new Delivery.Acked(position)));
            acked.accept(position);
        }));
    }

    /** Returns when every send was acknowledged or given up. */
    void flush() {
        producer.flush();
        pending.removeIf(Future::isDone);
    }

    @Override
    public void close() {
        producer.close(Limits.START);
    }
}
