package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.fake.FakeAnswer;
import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.ContentReader;
import dev.penstock.guarantees.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** One tenant sets every field to its extreme; others beside it, one of them in its partition, notice nothing. */
@Tag("long")
@Isolated("it compares times")
class HostileTenantIT {

    private static final Duration QUICK = Duration.ofMillis(100);

    /** So slow that a machine with other work keeps up without the hostile one. */
    private static final Duration MEASURED = Duration.ofMillis(500);

    private static final Duration POLL = Duration.ofMillis(1);

    /** Rounds with the hostile one and rounds without it take turns, so that whatever else the machine does meets both. */
    private static final int BLOCK = 40;

    private static final int BLOCKS = 4;

    private final HostileTenant hostile = new HostileTenant();

    /** How long others waited, in milliseconds. */
    private record Waits(int count, long median, long high, long longest) {

        static Waits of(List<Long> millis) {
            List<Long> sorted = millis.stream().sorted().toList();
            return new Waits(
                    sorted.size(),
                    sorted.get(sorted.size() / 2),
                    sorted.get(sorted.size() * 99 / 100),
                    sorted.getLast());
        }
    }

    @Test
    void shouldAnswerOthersAndCloseNothing() {
        othersBesideIt("hostile-tenant", QUICK, 2 * hostile.kinds(), round -> 5);
    }

    @Test
    @Tag("by-hand")
    void shouldHardlyDelayOthers() {
        for (int run = 0; run < 3; run++) {
            Map<Integer, List<Long>> waits =
                    othersBesideIt("hostile-blocks-" + run, MEASURED, BLOCK * BLOCKS, HostileTenantIT::block);
            Waits alone = Waits.of(waits.getOrDefault(0, List.of()));
            Waits beside = Waits.of(waits.getOrDefault(1, List.of()));
            System.out.printf(
                    "hostile tenant, run %d, ms: others alone %s, beside it %s; p99 ratio %.2f%n",
                    run, alone, beside, (double) beside.high() / alone.high());
        }
    }

    /** How many hostile requests there are in a round of a measured run. */
    private static int block(int round) {
        return round / BLOCK % 2;
    }

    /**
     * So many rounds of requests of others, one for each partition, and in each some of the hostile one.
     *
     * @return how long others waited, in milliseconds, by how many hostile ones were in their round
     */
    private Map<Integer, List<Long>> othersBesideIt(
            String name, Duration pace, int rounds, IntUnaryOperator hostileOnes) {
        try (Rig rig = Rig.start(name)) {
            // Given
            rig.fake().follow("latency: 100ms");
            AppChild app = rig.launch(rig.spec("one")
                    .with("dispatch.permits", "100")
                    .with("cache.enabled", "true")
                    .with("batching.enabled", "true")
                    .with("budgets.enabled", "true")
                    .with("budgets.max_tokens", "1000000000000")
                    .with("budgets.tokenizer", "o200k_base"));
            app.awaitReady();
            List<String> tenants = rig.topics().tenantOfEachPartition("other");
            Map<String, Instant> sentAt = new ConcurrentHashMap<>();
            Map<String, Content.Result> answers = new HashMap<>();
            Map<String, Instant> endedAt = new HashMap<>();

            // When
            try (TopicReader ends =
                            TopicReader.fromNow(rig.bootstrap(), rig.topics().ends());
                    SteadyLoad warmUp = others(rig, tenants, "warm-up", pace, new ConcurrentHashMap<>(), round -> 0)) {
                warmUp.awaitRounds(30);
                warmUp.close();
                try (SteadyLoad load = others(rig, tenants, "counts", pace, sentAt, hostileOnes)) {
                    awaitEnds(ends, answers, endedAt, tenants.size() * rounds);
                    int sent = load.stop() * tenants.size();
                    awaitEnds(ends, answers, endedAt, sent);
                }
            }

            // Then
            assertThat(answers.keySet()).containsExactlyInAnyOrderElementsOf(sentAt.keySet());
            answers.forEach((id, result) -> assertThat(result.text())
                    .as(id)
                    .isEqualTo(FakeAnswer.text("gpt-4o-mini", Workload.prompt(result.tenant(), id))));
            assertThat(app.process().current().output())
                    .doesNotContain("the breaker of a target changed")
                    .doesNotContain("a target is closed")
                    .doesNotContain(HostileTenant.NAME);
            assertThat(app.pages().get("/readyz?verbose").text()).contains("breaker=closed", "gate=open");
            rig.awaitAllEnds();
            assertThat(app.process().exits()).isEmpty();
            assertThat(Judgement.errorLines(rig, new LogAudit())).isEmpty();
            return sentAt.entrySet().stream()
                    .collect(Collectors.groupingBy(
                            each -> hostileOnes.applyAsInt(round(each.getKey())),
                            Collectors.mapping(
                                    each -> Duration.between(each.getValue(), endedAt.get(each.getKey()))
                                            .toMillis(),
                                    Collectors.toList())));
        }
    }

    private static int round(String customId) {
        return Integer.parseInt(customId.substring(customId.lastIndexOf('-') + 1));
    }

    private SteadyLoad others(
            Rig rig,
            List<String> tenants,
            String name,
            Duration pace,
            Map<String, Instant> sentAt,
            IntUnaryOperator hostileOnes) {
        return SteadyLoad.start(rig.sender(), pace, number -> {
            List<Workload.Line> lines = tenants.stream()
                    .map(tenant -> Workload.line(tenant, tenant + "-" + name + "-" + number, ""))
                    .toList();
            int ones = hostileOnes.applyAsInt(number);
            rig.sender().send(hostile.lines(number * ones, ones));
            Instant now = Instant.now();
            lines.forEach(line -> sentAt.put(line.customId(), now));
            return lines;
        });
    }

    /** Reads the ends of others until there are as many answers of them. */
    private static void awaitEnds(
            TopicReader ends, Map<String, Content.Result> answers, Map<String, Instant> endedAt, int enough) {
        await().atMost(Limits.WORK).pollInterval(POLL).pollInSameThread().until(() -> {
            List<Event.Observed> come = ends.poll();
            Instant now = Instant.now();
            for (Event.Observed end : come) {
                if (ContentReader.read(end.role(), end.message()) instanceof Content.Result result
                        && result.customId().contains("-counts-")) {
                    assertThat(answers.put(result.customId(), result))
                            .as(result.customId())
                            .isNull();
                    endedAt.put(result.customId(), now);
                }
            }
            return answers.size() >= enough;
        });
    }
}
