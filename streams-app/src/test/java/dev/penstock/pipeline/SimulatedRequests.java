package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.work.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The requests of a simulation, by their offsets: how far they are read, and how each ends. */
final class SimulatedRequests {

    private static final int NAMES = 40;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

    private final Random random;
    private final int questions;
    private final List<String> sent = new ArrayList<>();
    private final Map<Integer, Instant> deadlines = new HashMap<>();
    private final Map<Long, Integer> terminals = new TreeMap<>();
    private int read;
    private int committed;
    private int shared;

    /** @param questions how many different ones there are */
    SimulatedRequests(Random random, int questions) {
        this.random = random;
        this.questions = questions;
    }

    void send() {
        String timeout = switch (random.nextInt(8)) {
            case 0 -> ",\"timeout_ms\":" + (1 + random.nextInt(4_000));
            case 1 -> ",\"timeout_ms\":" + (1 + random.nextInt(40_000));
            default -> "";
        };
        String priority = random.nextInt(6) == 0 ? ",\"priority\":\"interactive\"" : "";
        String cache = questions == 1 ? "" : cacheField();
        sent.add(Requests.request("c-" + random.nextInt(NAMES), timeout + priority + cache)
                .replace("hello", "q" + random.nextInt(questions)));
    }

    private String cacheField() {
        return switch (random.nextInt(10)) {
            case 0 -> ",\"cache\":\"refresh\"";
            case 1 -> ",\"cache\":\"bypass\"";
            default -> "";
        };
    }

    boolean areLeft() {
        return read < sent.size();
    }

    TestRecord<byte[], byte[]> read(Instant now) {
        RecordHeaders headers = new RecordHeaders();
        header(headers, HeaderNames.ORIGIN_TOPIC, "llm.requests");
        header(headers, HeaderNames.ORIGIN_PARTITION, "0");
        header(headers, HeaderNames.ORIGIN_OFFSET, Integer.toString(read));
        JsonNode timeout = JsonMapper.shared().readTree(sent.get(read)).path("timeout_ms");
        deadlines.put(read, now.plus(timeout.isNumber() ? Duration.ofMillis(timeout.asLong()) : DEFAULT_TIMEOUT));
        byte[] value = sent.get(read++).getBytes(StandardCharsets.UTF_8);
        return new TestRecord<>(null, value, headers, now);
    }

    private static void header(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** What was read is part of a transaction that is durable. */
    void committed() {
        committed = read;
    }

    /** Reads anew what was not committed. */
    void startAgain() {
        read = committed;
    }

    /** A text that only this question has. */
    static String answerTo(JsonNode body) {
        return "answer to " + body.path("messages").path(0).path("content").asString();
    }

    void ended(Result result) {
        int offset = Integer.parseInt(result.id().substring(result.id().lastIndexOf('-') + 1));
        count(offset);
        JsonNode request = JsonMapper.shared().readTree(sent.get(offset));
        assertThat(result.customId()).isEqualTo(request.path("custom_id").asString());
        assertThat(result.response().body().findValue("content").asString())
                .as("answer to request %d", offset)
                .isEqualTo(answerTo(request.path("body")));
        shared += Set.of(Source.CACHE, Source.COALESCED)
                        .contains(result.penstock().source())
                ? 1
                : 0;
    }

    void ended(TestRecord<byte[], byte[]> deadLetter) {
        count(Long.parseLong(String.valueOf(Requests.header(deadLetter, "llm.dlq.original.offset"))));
    }

    private void count(long offset) {
        terminals.merge(offset, 1, Integer::sum);
        assertThat(terminals.get(offset)).as("terminals of request %d", offset).isEqualTo(1);
    }

    boolean haveAllEnded() {
        return terminals.size() == sent.size();
    }

    void assertAllEndedOnce() {
        for (long offset = 0; offset < sent.size(); offset++) {
            assertThat(terminals).as("terminals of request %d", offset).containsEntry(offset, 1);
        }
    }

    /**
     * @param smoothSince since when the topics are read and committed all the time
     * @param latest the latest deadline of requests that must have ended by now
     */
    void assertNoneIsLate(Instant smoothSince, Instant latest) {
        if (smoothSince.isAfter(latest)) {
            return;
        }
        for (int offset = 0; offset < committed; offset++) {
            if (!terminals.containsKey((long) offset)) {
                assertThat(deadlines.get(offset))
                        .as("deadline of request %d, which has not ended", offset)
                        .isAfter(latest);
            }
        }
    }

    /** How many were answered from the cache, or by a call that they shared. */
    int shared() {
        return shared;
    }
}
