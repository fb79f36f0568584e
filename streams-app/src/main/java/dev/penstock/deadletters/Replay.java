package dev.penstock.deadletters;

import dev.penstock.schemas.RedriveMarker;
import dev.penstock.schemas.TenantSignatures;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.HeaderNames;
import dev.penstock.work.Redrive;
import dev.penstock.work.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests of dead letters. Each request and its marker are one transaction, and all replays have one transactional id: a new one ends what
 * an earlier one left open before it reads the markers, so that no letter is replayed twice however the earlier one ended.
 */
public final class Replay {

    private final Producer<byte[], byte[]> producer;
    private final Settings settings;
    private final WireCodec codec = new WireCodec();

    /**
     * Where and how.
     *
     * @param requests the requests topic
     * @param redrives the topic of the markers
     * @param timeout how long the answers are of use, from the replay on, where the request has an absolute deadline
     * @param force final failures do not stand for the requests
     * @param signatures what the requests are signed with, where they must be
     */
    public record Settings(
            String requests, String redrives, Duration timeout, boolean force, TenantSignatures signatures) {}

    /** A dead letter that is to be replayed, and which replay of it this is. */
    public record Item(DeadLetter letter, int redriveCount) {}

    private record Sent(Item item, Future<RecordMetadata> request) {}

    /**
     * Ends every earlier replay. Markers are to be read after this.
     *
     * @param producer transactional, with the id that {@link #transactionalId} says
     */
    public Replay(Producer<byte[], byte[]> producer, Settings settings) {
        this.producer = producer;
        this.settings = settings;
        producer.initTransactions();
    }

    /** The one id that all replays on the topics of a prefix share. */
    public static String transactionalId(String topicPrefix) {
        return topicPrefix + "replay";
    }

    /**
     * Replays all or none.
     *
     * @throws ReplayTakenOverException when another replay has begun
     * @throws KafkaException when the broker did not take them
     */
    public void replay(List<Item> items, Instant now) throws InterruptedException {
        try {
            producer.beginTransaction();
            List<Sent> sent = new ArrayList<>(items.size());
            for (Item item : items) {
                sent.add(new Sent(item, producer.send(request(item, now))));
            }
            producer.flush();
            for (Sent request : sent) {
                mark(request, now);
            }
            producer.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException fenced) {
            throw new ReplayTakenOverException();
        } catch (KafkaException failed) {
            if (isFenced(failed.getCause())) {
                throw new ReplayTakenOverException();
            }
            abort();
            throw failed;
        }
    }

    private static boolean isFenced(@Nullable Throwable cause) {
        return cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException;
    }

    /** What stays open otherwise holds up the readers of the requests until it times out. */
    private void abort() {
        try {
            producer.abortTransaction();
        } catch (KafkaException cannot) {
            // It times out, or the next replay ends it.
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit fails if it failed
    private void mark(Sent sent, Instant now) throws InterruptedException {
        DeadLetter letter = sent.item().letter();
        RecordMetadata request = metadata(sent.request());
        RedriveMarker marker = new RedriveMarker(
                letter.id(),
                letter.writtenAt(),
                Objects.requireNonNull(letter.why()).code(),
                new RequestId(request.topic(), request.partition(), request.offset()).toString(),
                sent.item().redriveCount(),
                now);
        producer.send(new ProducerRecord<>(settings.redrives(), bytes(letter.id()), codec.write(marker)));
    }

    private static RecordMetadata metadata(Future<RecordMetadata> request) throws InterruptedException {
        try {
            return request.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw cause instanceof KafkaException known ? known : new KafkaException(cause);
        }
    }

    private ProducerRecord<byte[], byte[]> request(Item item, Instant now) {
        DeadLetter letter = item.letter();
        String tenant = letter.tenant().orElseThrow().name();
        byte[] value = Objects.requireNonNull(letter.value());
        ProducerRecord<byte[], byte[]> request = new ProducerRecord<>(settings.requests(), bytes(tenant), value);
        Instant deadline = now.plus(settings.timeout());
        if (settings.signatures().cover(tenant)) {
            String asked = new Redrive(deadline, settings.force()).signed(item.redriveCount());
            add(request, HeaderNames.TENANT_SIGNATURE, settings.signatures().sign(tenant, asked, value));
        }
        add(request, HeaderNames.REDRIVE_COUNT, Integer.toString(item.redriveCount()));
        add(request, HeaderNames.REDRIVE_OF, letter.id());
        add(request, HeaderNames.REDRIVE_DEADLINE, Long.toString(deadline.toEpochMilli()));
        if (settings.force()) {
            add(request, HeaderNames.REDRIVE_FORCED, "true");
        }
        String traceparent = letter.headers().get(HeaderNames.TRACEPARENT);
        if (traceparent != null) {
            add(request, HeaderNames.TRACEPARENT, traceparent);
        }
        return request;
    }

    private static void add(ProducerRecord<byte[], byte[]> request, String name, String value) {
        request.headers().add(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
