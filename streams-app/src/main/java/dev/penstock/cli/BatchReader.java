package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.pipeline.Topics;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.WireCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.node.ObjectNode;

/** Finds on the topics what became of the requests of one batch. */
final class BatchReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    /** The clock of whoever imported may be ahead of the broker's. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

    private static final WireCodec CODEC = new WireCodec();

    private final TopicReader reader;
    private final Topics topics;
    private final String id;
    private final byte[] needle;

    BatchReader(KafkaClients clients, Topics topics, BatchId id) throws CommandFailure {
        this.reader = new TopicReader(clients, List.of(topics.results(), topics.deadLetters()), since(id));
        this.topics = topics;
        this.id = id.toString();
        this.needle = this.id.getBytes(StandardCharsets.UTF_8);
    }

    /** What was read next of this batch; may be nothing. */
    List<BatchEnd> next() throws CommandFailure {
        List<BatchEnd> ends = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> message : reader.poll(POLL)) {
            if (message.value() != null && ByteSearch.contains(message.value(), needle)) {
                end(message).ifPresent(ends::add);
            }
        }
        return ends;
    }

    /** Whether all was read that was there at first. */
    boolean caughtUp() {
        return reader.caughtUp();
    }

    /** How many requests of the batch are on the topic. */
    static long written(KafkaClients clients, Topics topics, BatchId id) throws CommandFailure {
        byte[] needle = id.toString().getBytes(StandardCharsets.UTF_8);
        long count = 0;
        try (TopicReader requests = new TopicReader(clients, List.of(topics.requests()), since(id))) {
            do {
                for (ConsumerRecord<byte[], byte[]> message : requests.poll(POLL)) {
                    count += isOf(message, id.toString(), needle) ? 1 : 0;
                }
            } while (!requests.caughtUp());
        }
        return count;
    }

    /** A replay of one is no further request. */
    private static boolean isOf(ConsumerRecord<byte[], byte[]> request, String id, byte[] needle) {
        return request.value() != null
                && request.headers().lastHeader("llm.dlq.redrive.count") == null
                && ByteSearch.contains(request.value(), needle)
                && BatchStamp.read(request.value()).filter(id::equals).isPresent();
    }

    private Optional<BatchEnd> end(ConsumerRecord<byte[], byte[]> message) {
        return message.topic().equals(topics.results()) ? answer(message) : failure(message);
    }

    private Optional<BatchEnd> answer(ConsumerRecord<byte[], byte[]> message) {
        try {
            Result result = CODEC.readResult(message.value());
            ObjectNode metadata = result.penstock().metadata();
            boolean ours =
                    metadata != null && id.equals(metadata.path(BatchId.MEMBER).asString(""));
            return ours
                    ? Optional.of(new BatchEnd.Answered(Instant.ofEpochMilli(message.timestamp()), result))
                    : Optional.empty();
        } catch (MalformedRecordException foreign) {
            return Optional.empty();
        }
    }

    private Optional<BatchEnd> failure(ConsumerRecord<byte[], byte[]> message) {
        DeadLetter letter = DeadLetter.of(message);
        return letter.why() == null
                        || BatchStamp.read(message.value()).filter(id::equals).isEmpty()
                ? Optional.empty()
                : Optional.of(BatchEnd.Failed.of(letter, letter.why()));
    }

    private static TopicReader.Since since(BatchId id) {
        return new TopicReader.Since(id.created().minus(CLOCK_SKEW));
    }

    @Override
    public void close() {
        reader.close();
    }
}
