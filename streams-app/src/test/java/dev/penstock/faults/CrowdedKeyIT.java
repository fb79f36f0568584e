package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MILLISECOND;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.ContentReader;
import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.HistoryRecorder;
import dev.penstock.guarantees.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Ten thousand copies of one request, from several producers at once, with a large answer: one call, one charge. */
@Execution(ExecutionMode.CONCURRENT)
class CrowdedKeyIT {

    private static final int COPIES = 10_000;
    private static final int PRODUCERS = 4;

    @Test
    void shouldCallOnceAndEndEveryCopy() {
        // Given
        Workload.Line copy = Workload.line("crowd", "the same [[fake huge=100000]]", "");
        try (Rig rig = Rig.start("crowded")) {
            AppChild app = rig.launch(rig.spec("one"));
            app.awaitReady();

            // When
            IntStream.range(0, PRODUCERS).parallel().forEach(producer -> sendCopies(rig, copy));

            // Then
            Map<String, Integer> ends = new HashMap<>();
            try (TopicReader reader =
                    new TopicReader(rig.bootstrap(), rig.topics().ends())) {
                await().atMost(Limits.WORK)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(ONE_MILLISECOND)
                        .pollInSameThread()
                        .until(() -> {
                            reader.poll().forEach(end -> count(end, ends));
                            return ends.size() >= COPIES;
                        });
                await().atMost(Limits.WORK).until(rig::isDrained);
                reader.readToEnd().forEach(end -> count(end, ends));
            }
            assertThat(ends)
                    .hasSize(COPIES)
                    .allSatisfy((request, times) -> assertThat(times).isOne());
            assertThat(rig.fake().calls()).hasSize(1);
            try (TopicReader usage =
                    new TopicReader(rig.bootstrap(), Map.of(rig.topics().names().usage(), Role.USAGE))) {
                assertThat(usage.readToEnd()).hasSize(1);
            }
            assertThat(app.process().exits())
                    .as("no transaction over its limits")
                    .isEmpty();
            assertThat(Judgement.errorLines(rig, new LogAudit())).isEmpty();
        }
    }

    private static void sendCopies(Rig rig, Workload.Line copy) {
        HistoryRecorder recorder = new HistoryRecorder();
        try (RequestSender sender =
                new RequestSender(rig.bootstrap(), rig.topics().names().requests(), recorder)) {
            byte[] key = copy.tenant().getBytes(UTF_8);
            byte[] value = copy.json().getBytes(UTF_8);
            for (int sent = 0; sent < COPIES / PRODUCERS; sent++) {
                sender.send(key, value);
            }
            sender.flush();
        }
        List<Event.Produced> produced =
                recorder.history().of(Event.Produced.class).toList();
        assertThat(produced).hasSize(COPIES / PRODUCERS);
    }

    private static void count(Event.Observed end, Map<String, Integer> ends) {
        if (ContentReader.read(end.role(), end.message()) instanceof Content.Terminal terminal) {
            ends.merge(terminal.requestId(), 1, Integer::sum);
        }
    }
}
