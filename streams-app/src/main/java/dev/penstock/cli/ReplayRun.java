package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.deadletters.DeadLetterSelection;
import dev.penstock.deadletters.Redrives;
import dev.penstock.deadletters.Replay;
import dev.penstock.deadletters.ReplayDecision;
import dev.penstock.deadletters.ReplayPolicy;
import dev.penstock.deadletters.ReplayTakenOverException;
import dev.penstock.pipeline.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Counts what a replay would do, and does it: a batch of requests and markers at a time, each batch one transaction. */
final class ReplayRun {

    private static final int MOST_AT_ONCE = 500;
    private static final long MOST_BYTES_AT_ONCE = 8L << 20;
    private static final int BATCHES_A_SECOND = 4;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final KafkaClients clients;
    private final Topics topics;
    private final DeadLetterSelection selection;
    private final ReplayPolicy policy;
    private final Replay.Settings settings;
    private final int rate;
    private final Progress progress;
    private @Nullable Map<TopicPartition, Long> ends;

    /**
     * @param rate requests in a second; 0 for as many as go
     * @param progress told of every batch
     */
    ReplayRun(
            KafkaClients clients,
            Topics topics,
            DeadLetterSelection selection,
            boolean force,
            Duration timeout,
            int rate,
            Progress progress) {
        this.clients = clients;
        this.topics = topics;
        this.selection = selection;
        this.policy = new ReplayPolicy(force, clients.signatures());
        this.settings = new Replay.Settings(topics.requests(), topics.redrives(), timeout, force, clients.signatures());
        this.rate = rate;
        this.progress = progress;
    }

    /** What there is to do. A replay after it takes no letter that is younger. */
    ReplayCount count() throws CommandFailure {
        ReplayCount count = new ReplayCount();
        Redrives redrives = markers();
        try (DeadLetterScan scan = new DeadLetterScan(clients, topics.deadLetters(), selection)) {
            ends = scan.ends();
            do {
                for (DeadLetter letter : scan.next()) {
                    decide(letter, redrives, count);
                }
            } while (!scan.isDone());
        }
        return count;
    }

    /**
     * Replays what was counted, unless somebody else did meanwhile.
     *
     * @param stop asked before every batch
     * @param expected how many were counted, for the progress
     */
    ReplayCount replay(BooleanSupplier stop, long expected) throws CommandFailure, InterruptedException {
        ReplayCount done = new ReplayCount();
        try (KafkaProducer<byte[], byte[]> producer =
                clients.transactionalProducer(Replay.transactionalId(topics.prefix()))) {
            Replay replay = new Replay(producer, settings);
            new Work(replay, markers(), done, expected).run(stop);
            return done;
        } catch (ReplayTakenOverException taken) {
            throw CommandFailure.failed(done.total() + " replayed, then " + taken.getMessage());
        } catch (KafkaException failed) {
            throw clients.failure(failed);
        }
    }

    private @Nullable Integer decide(DeadLetter letter, Redrives redrives, ReplayCount count) {
        return switch (policy.decide(letter, redrives.hold(letter))) {
            case ReplayDecision.Replay replay -> {
                count.replayed(letter);
                yield replay.redriveCount();
            }
            case ReplayDecision.Refused refused -> {
                count.refused(letter, refused.reason());
                yield null;
            }
        };
    }

    private Redrives markers() throws CommandFailure {
        Redrives redrives = new Redrives();
        try (TopicReader reader = new TopicReader(clients, List.of(topics.redrives()), new TopicReader.Beginning())) {
            do {
                reader.poll(Duration.ofMillis(100)).forEach(marker -> redrives.read(marker.value()));
            } while (!reader.caughtUp());
        }
        return redrives;
    }

    /** One pass over the letters. */
    private final class Work {

        private final Replay replay;
        private final Redrives redrives;
        private final ReplayCount done;
        private final long expected;
        private final List<Replay.Item> batch = new ArrayList<>();
        private final long start = System.nanoTime();
        private long batchBytes;
        private long replayed;

        Work(Replay replay, Redrives redrives, ReplayCount done, long expected) {
            this.replay = replay;
            this.redrives = redrives;
            this.done = done;
            this.expected = expected;
        }

        void run(BooleanSupplier stop) throws CommandFailure, InterruptedException {
            try (DeadLetterScan scan = new DeadLetterScan(clients, topics.deadLetters(), selection, ends)) {
                do {
                    for (DeadLetter letter : scan.next()) {
                        take(letter);
                        if (isFull() && !sent(stop)) {
                            return;
                        }
                    }
                } while (!scan.isDone());
            }
            if (sent(stop)) {
                progress.done(replayed, "replayed");
            }
        }

        private void take(DeadLetter letter) {
            switch (policy.decide(letter, redrives.hold(letter))) {
                case ReplayDecision.Replay chosen -> {
                    batch.add(new Replay.Item(letter, chosen.redriveCount()));
                    batchBytes += letter.bytes();
                }
                case ReplayDecision.Refused refused -> done.refused(letter, refused.reason());
            }
        }

        private boolean isFull() {
            int most = rate == 0 ? MOST_AT_ONCE : Math.clamp(rate / BATCHES_A_SECOND, 1, MOST_AT_ONCE);
            return batch.size() >= most || batchBytes >= MOST_BYTES_AT_ONCE;
        }

        private boolean sent(BooleanSupplier stop) throws InterruptedException {
            if (stop.getAsBoolean()) {
                return false;
            }
            if (!batch.isEmpty()) {
                replay.replay(batch, Instant.now());
                batch.forEach(item -> done.replayed(item.letter()));
                replayed += batch.size();
                batch.clear();
                batchBytes = 0;
                progress.at(replayed, (double) replayed / Math.max(replayed, expected));
                pause();
            }
            return true;
        }

        private void pause() throws InterruptedException {
            if (rate > 0) {
                long due = start + replayed * NANOS_PER_SECOND / rate;
                Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            }
        }
    }
}
