package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.BudgetsConfig;
import dev.penstock.config.PenstockConfig;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.DueTimes;
import dev.penstock.work.Emission;
import dev.penstock.work.StateCodec;
import dev.penstock.work.StateKeys;
import dev.penstock.work.SweepTimes;
import dev.penstock.work.TombstoneStore;
import dev.penstock.work.Transactions;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task does on its own is due when the store says so, and goes on in later transactions where one carries no more. */
class BudgetTaskTest {

    private static final Instant START = Instant.parse("2026-05-15T12:00:00Z");
    private static final int TENANTS = 6;

    private final PenstockConfig config = PenstockConfig.of("budgets.enabled=true", "budgets.retention=1h");
    private LedgerTerms terms = terms("2h");
    private final TombstoneStore store = new TombstoneStore();
    private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
    private final Steps steps = new Steps();
    private final List<Emission> emitted = new ArrayList<>();
    private Instant now = START;
    private boolean caughtUp = true;
    private BudgetTask task = start();
    private DueTimes dueTimes = task.dueTimes(context, emitted::add);

    private record Place(String tenant, String id) {}

    /** Grants so many shares in a transaction. */
    private static final class Steps implements Transactions {

        private int most = Integer.MAX_VALUE;
        private int granted;

        @Override
        public void afterCommit(PostCommit action) {
            throw new IllegalStateException("nothing waits for a commit here");
        }

        @Override
        public boolean claim(ProcessorContext<?, ?> context, String work, long bytes) {
            if (granted >= most && granted > 0) {
                return false;
            }
            granted++;
            return true;
        }
    }

    private LedgerTerms terms(String window) {
        return terms(window, "5.00");
    }

    private LedgerTerms terms(String window, String usd) {
        return new LedgerTerms(
                List.of(Rules.usd(window, usd)),
                ZoneOffset.UTC,
                config.budgets().retention(),
                Duration.ofSeconds(30));
    }

    private BudgetTask start() {
        BudgetsConfig budgets = config.budgets();
        return new BudgetTask(
                budgets,
                terms,
                new Pricing(budgets, PriceTable.EMPTY, config.targets()),
                new BudgetStore(store, terms.retention()),
                steps,
                standing -> {},
                () -> caughtUp,
                now);
    }

    private void reserve(String tenant, String id, Duration until) {
        WorstCase worst = new WorstCase.Bounded(10, 0, new Cost.Known(BigDecimal.ONE));
        if (task.accounts().reserve(tenant, id, worst, now.plus(until), now) instanceof Admission.OverLimit) {
            task.refused(tenant, worst, emitted::add, now);
        } else {
            task.touch(tenant, now);
        }
    }

    private void count(String tenant, String id) {
        UsageEvent event = Usage.event(tenant, id, UsageEvent.Status.BILLED, new BigDecimal("0.10"), 5L, now);
        task.tell(tenant, task.accounts().record(event, now), emitted::add, now);
    }

    private void settle(String tenant, String id) {
        task.book(
                Usage.event(tenant, id, UsageEvent.Status.BILLED, new BigDecimal("0.20"), 5L, now), emitted::add, now);
    }

    /** Does what is due, each wake-up a transaction. */
    private void passTo(Instant time) {
        for (Instant wakeUp = dueTimes.wakeUp(); wakeUp != null && !wakeUp.isAfter(time); wakeUp = dueTimes.wakeUp()) {
            now = wakeUp;
            context.setCurrentSystemTimeMs(now.toEpochMilli());
            steps.granted = 0;
            context.scheduledPunctuators().stream()
                    .filter(punctuator -> !punctuator.cancelled())
                    .toList()
                    .getLast()
                    .getPunctuator()
                    .punctuate(now.toEpochMilli());
        }
        now = time;
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        steps.granted = 0;
    }

    private List<Bytes> rows(byte kind) {
        List<Bytes> rows = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.range(LedgerKeys.startOf(kind), LedgerKeys.endOf(kind))) {
            all.forEachRemaining(row -> rows.add(row.key));
        }
        return rows;
    }

    private Map<String, @Nullable BudgetStatus> published() {
        Map<String, @Nullable BudgetStatus> published = new HashMap<>();
        for (Emission emission : emitted) {
            if (emission instanceof Emission.Standing standing) {
                published.put(standing.key(), standing.status());
            }
        }
        return published;
    }

    private Set<String> tenants(byte kind) {
        Set<String> tenants = new TreeSet<>();
        rows(kind).forEach(key -> tenants.add(LedgerKeys.tenantOf(key)));
        return tenants;
    }

    /** What is due by the store alone must be what the due times say. */
    private void checkAgainstTheStore() {
        dueTimes.refresh();
        Map<String, Instant> next = dueTimes.next();
        Instant charge = rows(LedgerKeys.EXPIRY).stream()
                .map(key -> StateKeys.timeAt(key, 1))
                .min(Instant::compareTo)
                .orElse(null);
        Instant reservation = rows(LedgerKeys.RESERVATION).stream()
                .map(key -> StateCodec.read(Objects.requireNonNull(store.get(key)), Reservation.class)
                        .expiresAt())
                .min(Instant::compareTo)
                .orElse(null);

        assertThat(next.get("charges")).isEqualTo(charge == null ? null : SweepTimes.after(charge));
        assertThat(next.get("reservations")).isEqualTo(reservation == null ? null : SweepTimes.after(reservation));
        Set<String> unpublished = tenants(LedgerKeys.UNPUBLISHED);
        for (String tenant : tenants(LedgerKeys.LEDGER)) {
            Ledger kept = StateCodec.read(Objects.requireNonNull(store.get(LedgerKeys.ledger(tenant))), Ledger.class);
            if (task.accounts().isOutdated(kept)) {
                unpublished.add(tenant);
            }
        }
        assertThat(next.containsKey("reports")).as("reports for " + unpublished).isEqualTo(!unpublished.isEmpty());
        assertThat(next.containsKey("departures"))
                .isEqualTo(!tenants(LedgerKeys.LEDGER).isEmpty());
        for (String tenant : tenants(LedgerKeys.LEDGER)) {
            boolean spent = task.accounts().statuses(tenant, now).stream()
                    .anyMatch(status -> status.tokens().used() > 0);
            if (spent && !unpublished.contains(tenant)) {
                assertThat(next.get("resets"))
                        .as("the end of a period of " + tenant)
                        .isNotNull()
                        .isBeforeOrEqualTo(task.accounts().ledger(tenant, now).nextReset());
            }
        }
        Instant earliest = next.values().stream().min(Instant::compareTo).orElse(null);
        if (earliest == null) {
            assertThat(dueTimes.wakeUp()).isNull();
        } else {
            Instant soonest = now.plus(DueTimes.FLOOR);
            assertThat(dueTimes.wakeUp())
                    .isNotNull()
                    .isBeforeOrEqualTo(earliest.isBefore(soonest) ? soonest : earliest);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldBeWokenForWhatTheStoreHolds(long seed) {
        // Given
        Random random = new Random(seed);
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        List<Place> open = new ArrayList<>();

        for (int step = 0; step < 400; step++) {
            // When
            String tenant = "t-" + random.nextInt(TENANTS);
            String id = "id-" + step;
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    reserve(tenant, id, Duration.ofMinutes(1 + random.nextInt(90)));
                    open.add(new Place(tenant, id));
                }
                case 2 -> count(tenant, id);
                case 3 -> {
                    if (!open.isEmpty()) {
                        Place first = open.removeFirst();
                        settle(first.tenant(), first.id());
                    }
                }
                case 4 -> {
                    if (!open.isEmpty()) {
                        Place first = open.removeFirst();
                        task.release(first.tenant(), first.id(), emitted::add, now);
                    }
                }
                case 5 -> {
                    caughtUp = true;
                    terms = terms(random.nextBoolean() ? "2h" : "3h", random.nextBoolean() ? "5.00" : "4.00");
                    task = start();
                    dueTimes.close();
                    dueTimes = task.dueTimes(context, emitted::add);
                }
                default -> passTo(now.plusSeconds(random.nextInt(40 * 60)));
            }

            // Then
            checkAgainstTheStore();
        }
        passTo(now.plus(Duration.ofDays(40)));
        assertThat(rows(LedgerKeys.CHARGE)).isEmpty();
        assertThat(store.size()).as("the ledger's own id at most").isLessThan(2);
        assertThat(dueTimes.wakeUp()).isNull();
        assertThat(published().values()).as("what the topic still says").containsOnlyNulls();
    }

    @Test
    void shouldGoOnInLaterTransactionsWhereOneCarriesNoMore() {
        // Given
        for (int i = 0; i < 30; i++) {
            count("t-" + i, "e-" + i);
            reserve("t-" + i, "r-" + i, Duration.ofMinutes(30));
        }
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        dueTimes.refresh();
        steps.most = 7;
        passTo(START.plusSeconds(60));
        emitted.clear();

        // When
        int transactions = 0;
        int largest = 0;
        while (dueTimes.wakeUp() != null && now.isBefore(START.plus(Duration.ofDays(40)))) {
            int before = emitted.size();
            passTo(Objects.requireNonNull(dueTimes.wakeUp()));
            transactions++;
            largest = Math.max(largest, emitted.size() - before);
        }

        // Then
        assertThat(transactions).isGreaterThan(30 * 3 / 7);
        assertThat(largest)
                .as("a transaction's shares, and a tenant's statuses more")
                .isLessThanOrEqualTo(7 + 5);
        assertThat(emitted.stream().filter(Emission.Spend.class::isInstance)).hasSize(30);
        assertThat(store.size()).isOne();
    }

    @Test
    void shouldNotSpendAPeriodTwiceWhereAClockIsBehindAfterItsEnd() {
        // Given
        terms = terms("month");
        task = start();
        dueTimes = task.dueTimes(context, emitted::add);
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        for (int i = 0; i < 50; i++) {
            count("t-1", "e-" + i);
        }
        dueTimes.refresh();
        passTo(Instant.parse("2026-06-01T00:00:10Z"));

        // When
        now = Instant.parse("2026-05-31T23:59:50Z");
        WorstCase worst = new WorstCase.Bounded(10, 0, new Cost.Known(BigDecimal.ONE));
        Admission behind = task.accounts().reserve("t-1", "r-1", worst, now.plus(Duration.ofHours(1)), now);

        // Then
        assertThat(behind).isInstanceOf(Admission.OverLimit.class);
        passTo(Instant.parse("2026-06-01T02:00:00Z"));
        assertThat(tenants(LedgerKeys.LEDGER)).isEmpty();
    }

    @Test
    void shouldTellNothingOfATenantOfWhichNothingIsKept() {
        // Given
        context.setCurrentSystemTimeMs(now.toEpochMilli());

        // When
        task.release("gone", "released-long-after", emitted::add, now);
        dueTimes.refresh();
        passTo(START.plusSeconds(10));

        // Then
        assertThat(emitted).isEmpty();
        assertThat(store.size()).isZero();
        assertThat(dueTimes.wakeUp()).isNull();
    }

    @Test
    void shouldDecideNothingBeforeAllIsRead() {
        // Given
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        reserve("t-1", "r-1", Duration.ofMinutes(1));
        caughtUp = false;
        dueTimes.refresh();
        passTo(START.plus(Duration.ofHours(3)));
        boolean charged = emitted.stream().anyMatch(Emission.Spend.class::isInstance);

        // When
        caughtUp = true;
        passTo(now.plus(SweepTimes.PERIOD));

        // Then
        assertThat(charged).isFalse();
        assertThat(emitted.stream().filter(Emission.Spend.class::isInstance)).hasSize(1);
    }

    @Test
    void shouldDenyATenantWhosePolicyNamesATimeZoneThatThisJavaDoesNotKnow() {
        // Given
        count("t-1", "e-1");
        Ledger known = task.accounts().ledger("t-1", now);
        String policy = "{\"budgets\":[{\"budget_duration\":\"day\",\"max_budget\":9,\"time_zone\":\"Mars/Olympus\"}]}";
        store.put(
                LedgerKeys.policy("t-1"),
                StateCodec.write(new PolicyEntry(now, policy.getBytes(StandardCharsets.UTF_8), false)));
        List<Meter> elsewhere = known.meters().stream()
                .map(meter -> new Meter(
                        meter.serial(),
                        new Window(meter.window().text(), "Mars/Olympus"),
                        meter.since(),
                        meter.period(),
                        meter.usd(),
                        meter.tokens(),
                        meter.ahead()))
                .toList();
        store.put(
                LedgerKeys.ledger("t-1"), StateCodec.write(new Ledger(now, now, false, elsewhere, known.nextSerial())));
        now = now.plus(Duration.ofDays(2));
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        dueTimes.close();

        // When
        task = start();
        dueTimes = task.dueTimes(context, emitted::add);
        dueTimes.refresh();
        emitted.clear();
        passTo(now.plusSeconds(60));

        // Then
        assertThat(task.policies().isBroken("t-1")).isTrue();
        assertThat(emitted.stream()
                        .filter(Emission.Alarm.class::isInstance)
                        .map(alarm -> ((Emission.Alarm) alarm).alert())
                        .map(alert -> alert.tenant() + " " + alert.to() + " " + alert.detail()))
                .singleElement()
                .asString()
                .startsWith("t-1 policy_refused the tenant is denied")
                .contains("time_zone");
    }

    @Test
    void shouldPublishOtherDefaultLimitsThoughAStopComesBeforeAllAre() {
        // Given
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        for (int i = 0; i < TENANTS; i++) {
            count("t-" + i, "e-" + i);
        }
        dueTimes.refresh();
        passTo(START.plusSeconds(10));

        // When
        terms = terms("2h", "1.00");
        for (int run = 0; run < TENANTS; run++) {
            dueTimes.close();
            task = start();
            dueTimes = task.dueTimes(context, emitted::add);
            dueTimes.refresh();
            steps.most = 1;
            passTo(Objects.requireNonNull(dueTimes.wakeUp()));
        }

        // Then
        assertThat(published().entrySet().stream()
                        .filter(entry -> entry.getKey().endsWith("2h"))
                        .map(entry -> Objects.requireNonNull(
                                        Objects.requireNonNull(entry.getValue()).usd())
                                .limit()))
                .hasSize(TENANTS)
                .allSatisfy(limit -> assertThat(limit).isEqualByComparingTo("1.00"));
    }
}
