package dev.penstock.cli;

import dev.penstock.pipeline.Topics;
import dev.penstock.schemas.MalformedRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Sends the lines of a file and gathers how each ends. */
final class DemoRun {

    private static final int MAX_LINE_BYTES = 2 * 1024 * 1024 - 8 * 1024;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    /** A second ending of a request would come soon after the first. */
    private static final Duration LINGER = Duration.ofMillis(1_500);

    private final KafkaClients clients;
    private final Topics topics;
    private final Map<String, Sent> sent = new ConcurrentHashMap<>();
    private final Map<Long, List<Ending>> endings = new TreeMap<>();
    private long lines;

    private record Sent(long line, long nanos) {}

    /**
     * One line that ended.
     *
     * @param millis from its sending to the reading of its end
     */
    record Row(long line, Ending ending, long millis) {}

    DemoRun(KafkaClients clients, Topics topics) {
        this.clients = clients;
        this.topics = topics;
    }

    /** Returns when every line has ended, or nothing more comes. */
    void run(Path file, Consumer<Row> rows) throws CommandFailure {
        List<String> outputs = List.of(topics.results(), topics.deadLetters());
        try (TopicReader reader = new TopicReader(clients, outputs, new TopicReader.End())) {
            send(file);
            long lastNews = System.nanoTime();
            while (System.nanoTime() - lastNews < (endings.size() < lines ? SILENCE : LINGER).toNanos()) {
                for (ConsumerRecord<byte[], byte[]> message : reader.poll(POLL)) {
                    take(message, rows);
                    lastNews = System.nanoTime();
                }
            }
        }
    }

    long lines() {
        return lines;
    }

    /** By line number; a line without an end is missing. */
    Map<Long, List<Ending>> endings() {
        return endings;
    }

    private void send(Path file) throws CommandFailure {
        try (InputStream in = Files.newInputStream(file);
                LineSender sender = new LineSender(clients, topics.requests())) {
            LineReader reader = new LineReader(in, MAX_LINE_BYTES);
            for (Optional<LineReader.Line> next = reader.next(); next.isPresent(); next = reader.next()) {
                LineReader.Line line = next.get();
                long now = System.nanoTime();
                lines++;
                sender.send(line.value(), (metadata, failure) -> {
                    if (failure == null) {
                        String id = metadata.topic() + "-" + metadata.partition() + "-" + metadata.offset();
                        sent.put(id, new Sent(line.number(), now));
                    }
                });
            }
            sender.flush();
        } catch (IOException unreadable) {
            throw CommandFailure.failed(file + ": cannot be read (expected: a file of JSON lines)");
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> message, Consumer<Row> rows) throws CommandFailure {
        try {
            Ending ending =
                    message.topic().equals(topics.results()) ? Ending.ofResult(message) : Ending.ofDeadLetter(message);
            Sent origin = sent.get(ending.requestId());
            if (origin != null) {
                endings.merge(origin.line(), List.of(ending), DemoRun::joined);
                rows.accept(new Row(origin.line(), ending, (System.nanoTime() - origin.nanos()) / 1_000_000));
            }
        } catch (MalformedRecordException wrong) {
            throw CommandFailure.failed(
                    message.topic() + ": a record that cannot be read (" + wrong.getMessage() + ")");
        }
    }

    private static List<Ending> joined(List<Ending> one, List<Ending> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
