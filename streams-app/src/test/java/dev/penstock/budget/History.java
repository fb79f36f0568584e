package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One random interleaving of admissions, settlements, late answers, doubled and foreign usage, policies, clocks that jump
 * and crashes, held against the oracle after every step.
 */
final class History {

    static final LedgerTerms TERMS = new LedgerTerms(
            List.of(Rules.usd("day", "0.004")), ZoneOffset.UTC, Duration.ofDays(4_000), Duration.ofSeconds(30));

    private static final int STEPS = 70;
    private static final int MODELS_EVERY = 10;
    private static final Instant START = Instant.parse("2026-03-28T12:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private final Random random;
    private final MapEntries entries;
    private final Books books;
    private Instant now = START;
    private int step;
    private int names;
    private Oracle oracle;
    private Oracle committed;
    /** What the usage topic holds after the last commit, and what is in the open transaction. */
    private final List<UsageEvent> topic = new ArrayList<>();

    private final List<UsageEvent> pending = new ArrayList<>();
    private Marks marks = new Marks();
    private Marks marksCommitted = new Marks();

    History(long seed, Function<MapEntries, Books> books) {
        this.random = new Random(seed);
        // Some go through the codec, the others are faster.
        this.entries = new MapEntries(seed % 8 == 0);
        this.books = books.apply(entries);
        this.oracle = new Oracle(Instant.EPOCH, TERMS.defaults());
        this.committed = oracle.copy();
    }

    static Books sound(MapEntries entries) {
        return new Books.Of(new Accounts(entries, TERMS));
    }

    void play() {
        for (step = 1; step <= STEPS; step++) {
            now = now.plusMillis(random.nextInt(60_000));
            act();
            check();
        }
        end();
        replay();
    }

    private void act() {
        int dice = random.nextInt(100);
        if (dice < 34) {
            admit();
        } else if (dice < 50) {
            withOpen(this::settle);
        } else if (dice < 56) {
            withOpen(this::settleUnknown);
        } else if (dice < 61) {
            withOpen(this::release);
        } else if (dice < 65) {
            settleAgain();
        } else if (dice < 71) {
            correct();
        } else if (dice < 76) {
            foreign();
        } else if (dice < 80) {
            again();
        } else if (dice < 84) {
            govern();
        } else if (dice < 90) {
            jump();
        } else if (dice < 96) {
            commit();
        } else {
            crash();
        }
    }

    private void admit() {
        String id = "r" + names++;
        long micros = random.nextInt(1_500);
        long tokens = random.nextInt(1_500);
        Instant time = oracle.time(now);
        boolean fits = oracle.fits(micros, tokens, time);
        Admission admission = books.reserve(id, worst(micros, tokens), now);
        assertThat(admission instanceof Admission.Granted)
                .as("step %d: %s for %d micros, %d tokens", step, admission, micros, tokens)
                .isEqualTo(fits);
        if (fits) {
            oracle.clock = time;
            oracle.open.put(
                    id, new Oracle.Item(time, Books.Of.model(id), micros, tokens, UsageEvent.Status.UNKNOWN, step));
        }
    }

    private void withOpen(Consumer<String> action) {
        List<String> ids = List.copyOf(oracle.open.keySet());
        if (!ids.isEmpty()) {
            action.accept(ids.get(random.nextInt(ids.size())));
        }
    }

    private void settle(String id) {
        Oracle.Item call = opened(id);
        // Now and then a bill is above the worst case.
        int over = random.nextInt(20) == 0 ? 500 : 1;
        long micros = random.nextLong(call.micros() + over);
        long tokens = random.nextLong(call.tokens() + over);
        settled(id, books.settle(id, amount(micros, tokens), now), UsageEvent.Status.BILLED, micros, tokens);
    }

    private void settleUnknown(String id) {
        Oracle.Item call = opened(id);
        settled(id, books.settleUnknown(id, now), UsageEvent.Status.UNKNOWN, call.micros(), call.tokens());
    }

    private void settled(String id, Settlement settlement, UsageEvent.Status status, long micros, long tokens) {
        assertThat(settlement).as("step %d", step).isInstanceOf(Settlement.Settled.class);
        Settlement.Settled settled = (Settlement.Settled) settlement;
        Oracle.Item call = opened(id);
        assertThat(settled.charge().at()).isEqualTo(call.at());
        assertThat(settled.charge().amount()).isEqualTo(amount(micros, tokens));
        closed(id);
        oracle.events.put(id, new Oracle.Item(call.at(), Books.Of.model(id), micros, tokens, status, call.step()));
        pending.add(Usage.event(Books.Of.TENANT, settled.charge()));
        report(settled.crossings());
    }

    private void release(String id) {
        assertThat(books.release(id, now)).as("step %d", step).isInstanceOf(Settlement.Released.class);
        closed(id);
    }

    private Oracle.Item opened(String id) {
        Oracle.Item call = oracle.open.get(id);
        assertThat(call).isNotNull();
        return Objects.requireNonNull(call);
    }

    private void closed(String id) {
        oracle.clock = oracle.time(now);
        oracle.open.remove(id);
        oracle.settlements.merge(id, 1, Integer::sum);
    }

    private void settleAgain() {
        List<String> ids = List.copyOf(oracle.settlements.keySet());
        String id = ids.isEmpty() || random.nextInt(4) == 0 ? "nobody" : ids.get(random.nextInt(ids.size()));
        Settlement again = switch (random.nextInt(3)) {
            case 0 -> books.settle(id, amount(7, 7), now);
            case 1 -> books.settleUnknown(id, now);
            default -> books.release(id, now);
        };
        assertThat(again).as("step %d: %s", step, id).isInstanceOf(Settlement.NotOpen.class);
    }

    private void correct() {
        List<String> ids = List.copyOf(oracle.events.keySet());
        if (ids.isEmpty()) {
            return;
        }
        String id = ids.get(random.nextInt(ids.size()));
        Oracle.Item before = Objects.requireNonNull(oracle.events.get(id));
        long micros = random.nextInt(1_500);
        Booking booking = books.correct(id, amount(micros, 5), now);
        if (before.status() != UsageEvent.Status.UNKNOWN) {
            assertThat(booking).as("step %d", step).isInstanceOf(Booking.Duplicate.class);
            return;
        }
        assertThat(booking).as("step %d", step).isInstanceOf(Booking.Replaced.class);
        Booking.Replaced replaced = (Booking.Replaced) booking;
        oracle.clock = oracle.time(now);
        oracle.events.put(
                id,
                new Oracle.Item(
                        before.at(), Books.Of.lateModel(id), micros, 5, UsageEvent.Status.CORRECTED, before.step()));
        pending.add(Usage.event(Books.Of.TENANT, replaced.after()));
        report(replaced.crossings());
    }

    /** Usage of another gateway: recent, late, a little ahead, or from the future. */
    private void foreign() {
        String id = "f" + names++;
        long micros = random.nextInt(800);
        Instant at = switch (random.nextInt(5)) {
            case 0 -> now.minus(Duration.ofHours(random.nextInt(40)));
            case 1 -> now.plusSeconds(random.nextInt(30));
            case 2 -> now.plus(Duration.ofDays(2));
            default -> now.minusSeconds(random.nextInt(60));
        };
        UsageEvent.Status status = random.nextInt(4) == 0 ? UsageEvent.Status.UNKNOWN : UsageEvent.Status.BILLED;
        UsageEvent event = event(id, status, micros, at);
        Booking booking = books.record(event, now);
        if (at.isAfter(oracle.time(now).plus(TERMS.skew()))) {
            assertThat(booking).as("step %d", step).isInstanceOf(Booking.FromTheFuture.class);
            return;
        }
        assertThat(booking).as("step %d", step).isInstanceOf(Booking.Counted.class);
        oracle.clock = oracle.time(now);
        oracle.events.put(id, new Oracle.Item(at, Books.Of.model(id), micros, 3, status, step));
        pending.add(event);
        report(((Booking.Counted) booking).crossings());
    }

    /** Our own events come back, others' are doubled, and somebody reports a call that is still open. */
    private void again() {
        List<UsageEvent> seen = new ArrayList<>(topic);
        seen.addAll(pending);
        if (!seen.isEmpty() && random.nextInt(5) > 0) {
            assertThat(books.record(seen.get(random.nextInt(seen.size())), now))
                    .as("step %d", step)
                    .isInstanceOf(Booking.Duplicate.class);
        } else {
            withOpen(id -> assertThat(books.record(event(id, UsageEvent.Status.BILLED, 9, now), now))
                    .as("step %d", step)
                    .isInstanceOf(Booking.StillOpen.class));
        }
    }

    private void govern() {
        boolean stale = random.nextInt(3) == 0 && oracle.policyAt.isAfter(Instant.EPOCH);
        Instant at = stale ? oracle.policyAt.minusMillis(1 + random.nextInt(1_000_000)) : now;
        List<BudgetRule> rules = rules();
        PolicyChange change = books.govern(rules, at, now);
        if (at.isBefore(oracle.policyAt)) {
            assertThat(change).as("step %d", step).isEqualTo(new PolicyChange.Older(oracle.policyAt));
            return;
        }
        assertThat(change).as("step %d", step).isInstanceOf(PolicyChange.Applied.class);
        oracle.clock = oracle.time(now);
        oracle.policyAt = at;
        List<Oracle.Counted> before = oracle.windows;
        oracle.govern(rules, at, step);
        // A mark of another limit is another mark.
        before.stream()
                .filter(window -> oracle.windows.stream().noneMatch(window::hasTheLimitsOf))
                .forEach(marks::forget);
        ((PolicyChange.Applied) change).crossings().forEach(marks::remember);
        marks.rememberAll(marks.unreported(books.ledger(now), oracle, now));
    }

    private List<BudgetRule> rules() {
        List<BudgetRule> rules = new ArrayList<>();
        if (random.nextBoolean()) {
            rules.add(Rules.rule("day", random.nextInt(3) == 0 ? BERLIN : ZoneOffset.UTC, micros(6_000), null, null));
        }
        if (random.nextInt(3) == 0) {
            rules.add(Rules.rule("month", ZoneOffset.UTC, micros(20_000), null, (long) random.nextInt(20_000)));
        }
        if (random.nextInt(3) == 0) {
            rules.add(Rules.rule("2h", ZoneOffset.UTC, micros(3_000), null, (long) random.nextInt(6_000)));
        }
        return rules;
    }

    private String micros(int most) {
        return BigDecimal.valueOf(random.nextInt(most), 6).toPlainString();
    }

    private void jump() {
        now = switch (random.nextInt(4)) {
            case 0 -> now.minusSeconds(random.nextInt(90));
            case 1 -> now.plus(Duration.ofHours(random.nextInt(30)));
            case 2 -> now.plus(Duration.ofDays(random.nextInt(3)));
            default -> now.plus(Duration.ofMinutes(random.nextInt(180)));
        };
    }

    private void commit() {
        entries.commit();
        topic.addAll(pending);
        pending.clear();
        committed = oracle.copy();
        marksCommitted = marks.copy();
    }

    private void crash() {
        entries.crash();
        pending.clear();
        oracle = committed.copy();
        marks = marksCommitted.copy();
    }

    private void report(List<Crossing> crossings) {
        crossings.forEach(crossing -> assertThat(marks.remember(crossing))
                .as("step %d: %s is reported again", step, crossing)
                .isTrue());
        assertThat(marks.unreported(books.ledger(now), oracle, now))
                .as("step %d", step)
                .isEmpty();
    }

    /** The ledger says what the whole history adds up to. */
    private void check() {
        Ledger ledger = books.ledger(now);
        Instant time = oracle.time(now);
        assertThat(ledger.meters()).as("step %d", step).hasSameSizeAs(oracle.windows);
        for (Meter meter : ledger.meters()) {
            Oracle.Counted window = oracle.window(meter.window().text());
            assertThat(meter.ahead())
                    .noneMatch(ahead -> ahead.start().isBefore(meter.period().end()));
            assertThat(sum(meter.usd().used(), meter.tokens().used()))
                    .as("step %d: used of %s at %s", step, window, time)
                    .isEqualTo(oracle.used(window, time));
            assertThat(sum(meter.usd().reserved(), meter.tokens().reserved()))
                    .as("step %d: reserved of %s at %s", step, window, time)
                    .isEqualTo(oracle.reserved(window, time));
        }
        assertThat(oracle.settlements.values()).allMatch(times -> times == 1);
        if (step % MODELS_EVERY == 0) {
            checkModels(ledger, time);
        }
    }

    /** The shares of models are what the events of each add up to. */
    private void checkModels(Ledger ledger, Instant time) {
        ModelTotals totals = Objects.requireNonNullElse(entries.models(Books.Of.TENANT), ModelTotals.NONE);
        for (Meter meter : ledger.meters()) {
            Oracle.Counted window = oracle.window(meter.window().text());
            for (String model : meter.isOfCalendar() ? Books.Of.MODELS : List.<String>of()) {
                List<ModelShare> shares = totals.shares().stream()
                        .filter(share -> share.isCurrent(meter) && share.model().equals(model))
                        .toList();
                assertThat(shares).hasSizeLessThan(2);
                Oracle.Sum sum = shares.isEmpty()
                        ? new Oracle.Sum(0, 0)
                        : sum(shares.getFirst().usd(), shares.getFirst().tokens());
                assertThat(sum)
                        .as("step %d: used of %s of %s at %s", step, model, window, time)
                        .isEqualTo(oracle.used(window, model, time));
            }
        }
    }

    private void end() {
        for (String id : List.copyOf(oracle.open.keySet())) {
            step++;
            settleUnknown(id);
            check();
        }
        commit();
        checkModels(books.ledger(now), oracle.time(now));
        assertThat(books.ledger(now).meters())
                .allSatisfy(meter -> assertThat(meter.usd().reserved()).isZero());
    }

    /** The usage topic alone, in any order and partly doubled, gives the same balances. */
    private void replay() {
        List<UsageEvent> shuffled = new ArrayList<>(topic);
        shuffled.addAll(topic.subList(0, topic.size() / 2));
        Collections.shuffle(shuffled, random);
        Instant time = oracle.time(now);
        Accounts anew = new Accounts(new MapEntries(false), TERMS);
        shuffled.forEach(event -> anew.record(event, time));
        for (Meter meter : anew.ledger(Books.Of.TENANT, time).meters()) {
            Oracle.Counted whole = new Oracle.Counted(meter.window().text(), ZoneOffset.UTC, Instant.EPOCH, 0, null);
            assertThat(sum(meter.usd().used(), meter.tokens().used()))
                    .as("replayed %s", meter.window())
                    .isEqualTo(oracle.used(whole, time));
        }
        replayed(anew, time);
    }

    /** Where a window was in force from the beginning, the replayed meter is the one that lived through it all. */
    private void replayed(Accounts anew, Instant time) {
        for (Meter lived : books.ledger(now).meters()) {
            if (lived.since().equals(Instant.EPOCH)) {
                assertThat(anew.ledger(Books.Of.TENANT, time).meters())
                        .filteredOn(meter -> meter.window().equals(lived.window()))
                        .singleElement()
                        .satisfies(meter -> assertThat(meter.usd().used())
                                .isEqualByComparingTo(lived.usd().used()));
            }
        }
    }

    private static Oracle.Sum sum(BigDecimal usd, BigDecimal tokens) {
        return new Oracle.Sum(usd.movePointRight(6).longValueExact(), tokens.longValueExact());
    }

    private static WorstCase worst(long micros, long tokens) {
        return new WorstCase.Bounded(tokens, 0, new Cost.Known(BigDecimal.valueOf(micros, 6)));
    }

    private static Amount amount(long micros, long tokens) {
        return new Amount(BigDecimal.valueOf(micros, 6), tokens);
    }

    private static UsageEvent event(String id, UsageEvent.Status status, long micros, Instant at) {
        return Usage.event(Books.Of.TENANT, id, status, BigDecimal.valueOf(micros, 6), 3L, at);
    }
}
