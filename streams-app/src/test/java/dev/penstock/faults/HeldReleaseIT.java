package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.ContentReader;
import dev.penstock.guarantees.Event;
import dev.penstock.pipeline.TenantPartitions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * All calls that one tenant's budget holds may leave at the same moment: they do so in bounded steps, and disturb others no
 * more than the same calls would that had just arrived.
 */
@Isolated("it compares times of two runs, one after the other")
@Tag("long")
class HeldReleaseIT {

    private static final int BODY = 32 << 10;
    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration POLL = Duration.ofMillis(1);

    /** For what a slow machine needs to read and to answer them all. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final BigDecimal ENOUGH = new BigDecimal("1000000");

    private record Latencies(long count, long median, long high, long longest) {

        static Latencies of(List<Duration> waits) {
            List<Long> millis = waits.stream().map(Duration::toMillis).sorted().toList();
            return new Latencies(
                    millis.size(),
                    millis.get(millis.size() / 2),
                    millis.get(millis.size() * 99 / 100),
                    millis.getLast());
        }
    }

    /** How long others waited: all of them, and those whose partition is not the hog's. */
    private record Waits(Latencies all, Latencies elsewhere) {}

    @Test
    void shouldReleaseHeldCallsInBoundedSteps() {
        // More permits than a step may start calls of that size, or the permits would end each step.
        release("held-release", 1_000, 1_000);
    }

    @Test
    @Tag("by-hand")
    void shouldDisturbOthersNoMoreThanTheSameCallsThatArrive() {
        for (int pair = 0; pair < 2; pair++) {
            Waits arrived = arrive("held-control-" + pair, 10_000, 100);
            Waits released = release("held-release-" + pair, 10_000, 100);
            assertThat(released.all().high())
                    .isLessThanOrEqualTo(2 * arrived.all().high());
        }
    }

    /** The calls wait for a budget that one of them has spent, until its limit is raised. */
    private static Waits release(String name, int calls, int permits) {
        try (Rig rig = Rig.start(name)) {
            // Given
            limit(rig, TenCentCalls.BILL);
            AppChild app = launch(rig, permits);
            send(rig, calls);
            await().atMost(PATIENCE)
                    .until(() -> metric(app, "penstock_calls_held") == calls - 1
                            && rig.fake().open() == 0);

            // When / Then
            Waits others = othersWhile(rig, calls - 1, () -> limit(rig, ENOUGH));
            assertThat(metric(app, "penstock_step_budget_exhausted_total"))
                    .as("steps that left something to the next one")
                    .isPositive();
            print(name, calls, others, app);
            return others;
        }
    }

    /** The control: nothing holds them. */
    private static Waits arrive(String name, int calls, int permits) {
        try (Rig rig = Rig.start(name)) {
            // Given
            limit(rig, ENOUGH);
            AppChild app = launch(rig, permits);

            // When / Then
            Waits others = othersWhile(rig, calls, () -> send(rig, calls));
            print(name, calls, others, app);
            return others;
        }
    }

    /** How long the requests of others take, from what starts the hog's calls until the last of them has ended. */
    private static Waits othersWhile(Rig rig, int calls, Runnable start) {
        int before = rig.fake().received();
        List<String> tenants = rig.topics().tenantOfEachPartition("other");
        Map<String, Instant> sentAt = new ConcurrentHashMap<>();
        Map<String, Instant> endedAt = new HashMap<>();
        try (TopicReader ends =
                        TopicReader.fromNow(rig.bootstrap(), rig.topics().ends());
                SteadyLoad load = SteadyLoad.start(rig.sender(), PACE, number -> requests(tenants, number, sentAt))) {
            load.awaitRounds(50);
            Instant started = Instant.now();
            start.run();
            awaitEnds(
                    ends,
                    endedAt,
                    () -> endedAt.keySet().stream()
                                    .filter(HeldReleaseIT::isHogs)
                                    .count()
                            == calls);
            int sent = load.stop() * tenants.size();
            awaitEnds(ends, endedAt, () -> endedAt.size() == calls + sent);
            rig.awaitRest();
            assertThat(repeated(rig)).as("calls that were made more than once").isEmpty();
            assertThat(rig.fake().received()).as("calls").isEqualTo(before + calls + sent);
            assertThat(Judgement.errorLines(rig, new LogAudit())).isEmpty();
            sentAt.values().removeIf(sentBefore -> !sentBefore.isAfter(started));
            String besideTheHog = tenants.get(new TenantPartitions(RigTopics.PARTITIONS).applyAsInt("hog"));
            return new Waits(
                    latencies(sentAt, endedAt, id -> true),
                    latencies(sentAt, endedAt, id -> !id.startsWith(besideTheHog + "-")));
        }
    }

    private static List<List<Event.ProviderCall>> repeated(Rig rig) {
        Map<String, List<Event.ProviderCall>> byKey =
                rig.fake().calls().stream().collect(Collectors.groupingBy(Event.ProviderCall::idempotencyKey));
        return byKey.values().stream().filter(same -> same.size() > 1).toList();
    }

    private static Latencies latencies(
            Map<String, Instant> sentAt, Map<String, Instant> endedAt, Predicate<String> which) {
        return Latencies.of(sentAt.entrySet().stream()
                .filter(each -> which.test(each.getKey()))
                .map(each -> Duration.between(each.getValue(), endedAt.get(each.getKey())))
                .toList());
    }

    private static void awaitEnds(TopicReader ends, Map<String, Instant> endedAt, BooleanSupplier all) {
        await().atMost(PATIENCE).pollInterval(POLL).pollInSameThread().until(() -> {
            List<Event.Observed> come = ends.poll();
            Instant now = Instant.now();
            for (Event.Observed end : come) {
                if (ContentReader.read(end.role(), end.message()) instanceof Content.Result result) {
                    assertThat(endedAt.put(result.customId(), now))
                            .as(result.customId())
                            .isNull();
                }
            }
            return all.getAsBoolean();
        });
    }

    private static boolean isHogs(String customId) {
        return customId.startsWith("hog-");
    }

    private static AppChild launch(Rig rig, int permits) {
        AppChild app = rig.launch(TenCentCalls.priced(rig.spec("one"), TenCentCalls.prices(rig.directory()))
                .with("budgets.on_spent", "hold")
                .with("dispatch.permits", Integer.toString(permits))
                .with("budgets.max_held_bytes", "1GiB")
                .with("budgets.max_held_partition_bytes", "1GiB")
                .with("dispatch.default_deadline", "1h"));
        app.awaitReady();
        return app;
    }

    private static List<Workload.Line> requests(List<String> tenants, int number, Map<String, Instant> sentAt) {
        List<Workload.Line> lines = tenants.stream()
                .map(tenant -> TenCentCalls.line(tenant, tenant + "-" + number))
                .toList();
        Instant now = Instant.now();
        lines.forEach(line -> sentAt.put(line.customId(), now));
        return lines;
    }

    private static void send(Rig rig, int calls) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        String padding = "x".repeat(BODY);
        IntStream.range(0, calls).forEach(number -> {
            Workload.Line line = TenCentCalls.line("hog", "hog-" + number);
            String json = line.json().replace("?\"", "? " + padding + "\"");
            records.add(new ProducerRecord<>(
                    rig.topics().names().requests(), line.tenant().getBytes(UTF_8), json.getBytes(UTF_8)));
        });
        produce(rig, records);
    }

    /** What the hog may spend in a month. */
    private static void limit(Rig rig, BigDecimal limit) {
        String policy = "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":%s}]}".formatted(limit);
        produce(
                rig,
                List.of(new ProducerRecord<>(
                        rig.topics().names().tenants(), "hog".getBytes(UTF_8), policy.getBytes(UTF_8))));
    }

    private static void produce(Rig rig, List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", rig.bootstrap(), "linger.ms", 5, "batch.size", 200_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(producer.send(record)));
            producer.flush();
            assertThat(sent).allMatch(Future::isDone);
        }
    }

    private static double metric(AppChild app, String name) {
        Matcher found = Pattern.compile("^" + name + " (\\S+)$", Pattern.MULTILINE)
                .matcher(app.pages().get("/metrics").text());
        return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
    }

    private static void print(String name, int calls, Waits others, AppChild app) {
        System.out.printf(
                "%s: %d calls of %d KiB; others, in ms: %s; longest transaction %s s; %s step budgets spent%n",
                name,
                calls,
                BODY >> 10,
                others,
                metric(app, "penstock_transaction_age_seconds"),
                metric(app, "penstock_step_budget_exhausted_total"));
    }
}
