package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.NoCrossTenant;
import dev.penstock.guarantees.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Poison and records at the limits of size: one dead letter each with the right code, and their neighbours are answered. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
class HostileRecordsIT {

    private static final String TENANT = "hostile";
    private static final String RESULT = "a result";

    @Test
    void shouldDeadLetterPoisonAndAnswerItsNeighbours() {
        // Given
        List<HostileRecords.Hostile> poison = HostileRecords.all();
        try (Rig rig = Rig.start("hostile")) {
            AppChild app = rig.launch(rig.spec("one"));

            // When
            Map<String, Position> sent = new ConcurrentHashMap<>();
            for (HostileRecords.Hostile hostile : poison) {
                send(rig, hostile.toString(), hostile.value(), sent);
                rig.sender().send(List.of(Workload.line(TENANT, "neighbour of " + sent.size(), "")));
            }
            rig.awaitAllEnds();

            // Then
            Judgement.judge(rig);
            Map<String, String> expected = new LinkedHashMap<>();
            poison.forEach(hostile -> expected.put(hostile.toString(), hostile.code()));
            assertThat(endsByName(rig, sent)).containsExactlyInAnyOrderEntriesOf(expected);
            assertThat(rig.terminals().values())
                    .filteredOn(Content.Result.class::isInstance)
                    .hasSize(poison.size());
            assertThat(app.process().exits()).isEmpty();
        }
    }

    @Test
    void shouldTakeRecordsAtTheLimitsOfSize() {
        // Given
        try (Rig rig = Rig.start("sizes")) {
            AppChild app = rig.launch(rig.spec("one").with("provider.max_answer_bytes", "1984KiB"));
            Map<String, Position> sent = new ConcurrentHashMap<>();

            // When
            send(rig, "at intake.max_bytes", padded("under", 512 * 1024), sent);
            send(rig, "at the topic's limit", padded("over", 2 * 1024 * 1024 - 1_000), sent);
            send(rig, "an answer under its limit", directed("near", "[[fake huge=900000]]"), sent);
            send(rig, "an answer over its limit", directed("large", "[[fake huge=3000000]]"), sent);
            send(rig, "a result over its limit", echoing("echo", "[[fake huge=1800000]]", 400_000), sent);
            rig.sender().flush();
            rig.awaitAllEnds();

            // Then
            Judgement.judge(
                    rig,
                    Judgement.promises()
                            .without(NoCrossTenant.class, "huge answers are filler, not a function of the prompt"),
                    new LogAudit());
            assertThat(endsByName(rig, sent))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "at intake.max_bytes",
                            RESULT,
                            "at the topic's limit",
                            "intake.too_large",
                            "an answer under its limit",
                            RESULT,
                            "an answer over its limit",
                            "provider.answer_too_large",
                            "a result over its limit",
                            "outcome.result_too_large"));
            assertThat(app.process().exits()).isEmpty();
        }
    }

    private static void send(Rig rig, String name, byte @Nullable [] value, Map<String, Position> sent) {
        rig.sender()
                .send(
                        new ProducerRecord<>(rig.topics().names().requests(), TENANT.getBytes(UTF_8), value),
                        position -> sent.put(name, position));
    }

    /** Each record's dead letter code, or {@link #RESULT}. */
    private static Map<String, String> endsByName(Rig rig, Map<String, Position> sent) {
        Map<String, Content.Terminal> terminals = rig.terminals();
        Map<String, String> ends = new LinkedHashMap<>();
        sent.forEach((name, position) -> ends.put(
                name,
                switch (terminals.get(position.requestId())) {
                    case Content.Result result -> RESULT;
                    case Content.DeadLetter deadLetter -> deadLetter.code();
                    case null -> "nothing";
                }));
        return ends;
    }

    /** A request of exactly that many bytes. */
    private static byte[] padded(String customId, int bytes) {
        int bare = withPadding(customId, "").length;
        return withPadding(customId, "x".repeat(bytes - bare));
    }

    private static byte[] withPadding(String customId, String padding) {
        return Workload.line(TENANT, customId, "\"metadata\":{\"padding\":\"" + padding + "\"},")
                .json()
                .getBytes(UTF_8);
    }

    /** A request whose result has that much of its own beside the answer. */
    private static byte[] echoing(String customId, String directive, int bytes) {
        String echoed = "\"metadata\":{\"padding\":\"" + "x".repeat(bytes) + "\"},";
        return Workload.line(TENANT, customId + " " + directive, echoed).json().getBytes(UTF_8);
    }

    private static byte[] directed(String customId, String directive) {
        return Workload.line(TENANT, customId + " " + directive, "").json().getBytes(UTF_8);
    }
}
