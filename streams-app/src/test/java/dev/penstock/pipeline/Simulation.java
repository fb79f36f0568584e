package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The world around a task: topics with positions, a provider whose calls end one way or another, commits, rollbacks and
 * kills. Calls in flight die with a process; their outcomes survive it if they were written.
 */
final class Simulation implements AutoCloseable {

    private static final int NAMES = 8;
    private static final int QUESTIONS = 6;

    private final Random random;
    private final WireCodec codec = new WireCodec();
    private final String[] sets;
    private final int questions;
    private final TestPipeline pipeline;
    private final Exposure exposure = new Exposure();
    private final List<String> requests = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Launch> inFlight = new ArrayList<>();
    private final Set<String> answered = new HashSet<>();
    private final Set<String> charged = new HashSet<>();
    private final Map<Long, Integer> terminals = new TreeMap<>();
    private int requestsRead;
    private int requestsCommitted;
    private int outcomesRead;
    private int outcomesCommitted;
    private int kills;
    private int shared;

    /**
     * @param caching whether identical questions of different requests share answers
     * @param more settings of the pipeline
     */
    Simulation(long seed, boolean caching, String... more) {
        this.random = new Random(seed);
        List<String> all = new ArrayList<>(
                List.of("dispatch.permits=3", "dispatch.in_doubt.max_lost=100", "cache.enabled=" + caching));
        all.addAll(List.of(more));
        this.sets = all.toArray(String[]::new);
        this.questions = caching ? QUESTIONS : 1;
        this.pipeline = new TestPipeline(sets);
        pipeline.readsAgain(false);
    }

    Exposure exposure() {
        return exposure;
    }

    TestPipeline pipeline() {
        return pipeline;
    }

    void step() throws Exception {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> send();
            case 4, 5, 6, 7 -> readRequest();
            case 8, 9, 10 -> endCall(anyKind());
            case 11, 12, 13 -> readOutcome();
            case 14, 15, 16 -> commit();
            case 17 -> pipeline.advance(Duration.ofMillis(random.nextInt(3_000)));
            case 18 -> rollBack();
            default -> kill();
        }
    }

    /** Lets everything come to its end, and says whether it did within the rounds given. */
    boolean settleWithin(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            while (requestsRead < requests.size()) {
                readRequest();
            }
            while (!inFlight.isEmpty()) {
                endCall(Outcome.Kind.ANSWERED);
            }
            while (outcomesRead < outcomes.size()) {
                readOutcome();
            }
            pipeline.advance(Duration.ofMillis(100));
            commit();
            if (inFlight.isEmpty() && terminals.size() == requests.size()) {
                return true;
            }
        }
        return false;
    }

    void check() {
        for (long offset = 0; offset < requests.size(); offset++) {
            assertThat(terminals).as("terminals of request %d", offset).containsEntry(offset, 1);
        }
        assertThat(charged).as("answers that were charged").isEqualTo(answered);
        assertThat(pipeline.stores().size("calls")).as("calls in the store").isZero();
        assertThat(pipeline.permits().inUse()).as("permits in use").isZero();
        assertThat(pipeline.held()).as("calls that the runner holds").isZero();
        pipeline.advance(Duration.ofHours(24).plusSeconds(20));
        assertThat(pipeline.stores().size("cache"))
                .as("answers, flights and followers in the store")
                .isZero();
        assertThat(pipeline.cache().entries).as("entries on the account").isZero();
        assertThat(pipeline.cache().bytes).as("bytes on the account").isZero();
    }

    /** How many requests were answered from the cache, or by a call that they shared. */
    int shared() {
        return shared;
    }

    private void send() {
        String timeout = random.nextInt(6) == 0 ? ",\"timeout_ms\":" + (1 + random.nextInt(4_000)) : "";
        String priority = random.nextInt(6) == 0 ? ",\"priority\":\"interactive\"" : "";
        String cache = questions == 1 ? "" : cacheField();
        requests.add(Requests.request("c-" + random.nextInt(NAMES), timeout + priority + cache)
                .replace("hello", "q" + random.nextInt(questions)));
    }

    private String cacheField() {
        return switch (random.nextInt(10)) {
            case 0 -> ",\"cache\":\"refresh\"";
            case 1 -> ",\"cache\":\"bypass\"";
            default -> "";
        };
    }

    private void readRequest() {
        if (requestsRead < requests.size()) {
            RecordHeaders headers = new RecordHeaders();
            header(headers, HeaderNames.ORIGIN_TOPIC, "llm.requests");
            header(headers, HeaderNames.ORIGIN_PARTITION, "0");
            header(headers, HeaderNames.ORIGIN_OFFSET, Integer.toString(requestsRead));
            byte[] value = requests.get(requestsRead++).getBytes(StandardCharsets.UTF_8);
            pipeline.sendRerouted(new TestRecord<>(null, value, headers, pipeline.now()));
        }
    }

    private void endCall(Outcome.Kind kind) {
        if (inFlight.isEmpty()) {
            return;
        }
        Launch launch = inFlight.remove(random.nextInt(inFlight.size()));
        pipeline.endCall(launch);
        if (kind == Outcome.Kind.ANSWERED) {
            answered.add(launch.ticket().id() + "#" + launch.number());
        }
        Outcome outcome = switch (kind) {
            case ANSWERED -> answer(launch);
            case FAILED -> failed(launch);
            case PARKED ->
                OutcomeFixtures.parked(
                        launch,
                        DeadLetterCode.PROVIDER_THROTTLED,
                        pipeline.now().plusMillis(random.nextInt(8_000)));
            case NOT_SENT, LOST -> OutcomeFixtures.ended(launch, kind);
        };
        exposure.ended(outcome);
        outcomes.add(outcome);
    }

    private Outcome answer(Launch launch) {
        String text = answerTo(launch.request().body());
        return random.nextInt(8) == 0 ? OutcomeFixtures.cut(launch, text) : OutcomeFixtures.completed(launch, text);
    }

    /** A text that only this question has. */
    private static String answerTo(JsonNode body) {
        return "answer to " + body.path("messages").path(0).path("content").asString();
    }

    private Outcome failed(Launch launch) {
        return random.nextBoolean()
                ? OutcomeFixtures.failed(launch, DeadLetterCode.PROVIDER_UNAVAILABLE, false)
                : OutcomeFixtures.failed(
                        launch, FailureClass.UNKNOWN, DeadLetterCode.PROVIDER_TIMEOUT, random.nextBoolean());
    }

    private Outcome.Kind anyKind() {
        Outcome.Kind[] kinds = Outcome.Kind.values();
        return random.nextInt(3) == 0 ? kinds[random.nextInt(kinds.length)] : Outcome.Kind.ANSWERED;
    }

    private void readOutcome() {
        if (outcomesRead < outcomes.size()) {
            pipeline.deliver(outcomes.get(outcomesRead++));
        }
        if (outcomesRead == outcomes.size()) {
            pipeline.readAgain();
        }
    }

    void commit() throws Exception {
        pipeline.commit();
        requestsCommitted = requestsRead;
        outcomesCommitted = outcomesRead;
        for (TestRecord<byte[], byte[]> result : pipeline.results()) {
            ended(codec.readResult(result.value()));
        }
        for (TestRecord<byte[], byte[]> letter : pipeline.deadLetters()) {
            count(Long.parseLong(String.valueOf(Requests.header(letter, "llm.dlq.original.offset"))));
        }
        for (TestRecord<byte[], byte[]> usage : pipeline.usage()) {
            UsageEvent event = codec.readUsageEvent(usage.value());
            exposure.charged(event);
            if (event.status() != UsageEvent.Status.UNKNOWN
                    && event.usage() != null
                    && event.usage().totalTokens() > 0) {
                assertThat(charged.add(event.eventId()))
                        .as("charged once: %s", event.eventId())
                        .isTrue();
            }
        }
        for (Launch launch : pipeline.takeLaunched()) {
            String call = launch.ticket().id().toString();
            assertThat(answered)
                    .as("answers when %s is called again", call)
                    .noneMatch(answer -> answer.startsWith(call + "#"));
            exposure.launched(launch);
            inFlight.add(launch);
        }
    }

    private void ended(Result result) {
        int offset = Integer.parseInt(result.id().substring(result.id().lastIndexOf('-') + 1));
        count(offset);
        JsonNode request = JsonMapper.shared().readTree(requests.get(offset));
        assertThat(result.customId()).isEqualTo(request.path("custom_id").asString());
        assertThat(result.response().body().findValue("content").asString())
                .as("answer to request %d", offset)
                .isEqualTo(answerTo(request.path("body")));
        shared += Set.of(Source.CACHE, Source.COALESCED)
                        .contains(result.penstock().source())
                ? 1
                : 0;
    }

    private void count(long offset) {
        terminals.merge(offset, 1, Integer::sum);
        assertThat(terminals.get(offset)).as("terminals of request %d", offset).isEqualTo(1);
    }

    private void rollBack() {
        pipeline.abortAndRevive();
        readAgain();
    }

    private void kill() {
        inFlight.clear();
        pipeline.restart(new Owner("node-1", "life-" + ++kills), sets);
        readAgain();
    }

    /** Requests are closed to the task until it has read all outcomes that were there. */
    private void readAgain() {
        requestsRead = requestsCommitted;
        outcomesRead = outcomesCommitted;
        while (outcomesRead < outcomes.size()) {
            readOutcome();
        }
        pipeline.caughtUp();
    }

    private static void header(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
