package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.pipeline.Topics;
import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Finds on the topics what became of the requests of one batch. What ends there is known by its request's place, never by a name that it carries. */
final class BatchReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    /** The clock of whoever imported may be ahead of the broker's. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

    private static final WireCodec CODEC = new WireCodec();

    private final BatchLines lines;
    private final TopicReader reader;
    private final Topics topics;
    private final String id;
    private final byte[] needle;
    private final BatchCount count;

    /** @param count told of all that is found */
    BatchReader(KafkaClients clients, Topics topics, BatchId id, BatchCount count) throws CommandFailure {
        TopicReader.Start since = new TopicReader.Since(id.created().minus(CLOCK_SKEW));
        this.topics = topics;
        this.id = id.toString();
        this.needle = this.id.getBytes(StandardCharsets.UTF_8);
        this.count = count;
        this.lines = new BatchLines(clients, topics, id, since);
        try {
            this.reader = new TopicReader(clients, List.of(topics.results(), topics.deadLetters()), since);
        } catch (CommandFailure failed) {
            lines.close();
            throw failed;
        }
    }

    /** What was read next of this batch and counts anew; may be nothing. */
    List<BatchEnd.Answered> next() throws CommandFailure {
        List<BatchEnd.Answered> answers = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> message : reader.poll(POLL)) {
            if (message.value() != null && message.topic().equals(topics.results())) {
                answer(message).filter(count::answered).ifPresent(answers::add);
            } else if (message.topic().equals(topics.deadLetters())) {
                failure(message).ifPresent(count::failed);
            }
        }
        count.written(lines.written(), lines.extra());
        return answers;
    }

    /** Whether all was read that was there at first. */
    boolean caughtUp() {
        return reader.caughtUp();
    }

    private Optional<BatchEnd.Answered> answer(ConsumerRecord<byte[], byte[]> message) throws CommandFailure {
        if (!ByteSearch.contains(message.value(), needle)) {
            return Optional.empty();
        }
        Result result;
        try {
            result = CODEC.readResult(message.value());
        } catch (MalformedRecordException foreign) {
            return Optional.empty();
        }
        RequestId place = RequestId.parse(result.penstock().requestId());
        Optional<BatchLines.Line> line = place == null ? Optional.empty() : lines.at(place);
        if (line.isEmpty() && names(result.penstock().metadata())) {
            count.foreign(result.penstock().requestId());
        }
        return line.map(
                found -> new BatchEnd.Answered(Instant.ofEpochMilli(message.timestamp()), found.customId(), result));
    }

    private Optional<BatchEnd.Failed> failure(ConsumerRecord<byte[], byte[]> message) throws CommandFailure {
        DeadLetter letter = DeadLetter.of(message);
        DeadLetterHeaders why = letter.why();
        if (why == null) {
            return Optional.empty();
        }
        RequestId place = new RequestId(why.originalTopic(), why.originalPartition(), why.originalOffset());
        Optional<BatchLines.Line> line = lines.at(place);
        byte[] value = letter.value();
        if (line.isEmpty()
                && value != null
                && BatchStamp.read(value).filter(stamp -> stamp.id().equals(id)).isPresent()) {
            count.foreign(place.toString());
        }
        return line.map(found -> BatchEnd.Failed.of(letter, why, found));
    }

    private boolean names(@Nullable ObjectNode metadata) {
        return metadata != null && id.equals(metadata.path(BatchId.MEMBER).asString(""));
    }

    @Override
    public void close() {
        reader.close();
        lines.close();
    }
}
