package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger must say, worked out the slow way: by adding up the whole history each time, in whole millionths of a
 * dollar. It shares no code with the ledger, and keeps nothing that the ledger could get wrong in the same way.
 */
final class Oracle {

    /** A call that is open, or an event that counts. {@code step} is when it entered the books. */
    record Item(Instant at, String model, long micros, long tokens, UsageEvent.Status status, int step) {}

    /** A window that is counted. Own calls count from the step, usage of others from the time. */
    record Counted(
            String window,
            ZoneId zone,
            Instant since,
            int fromStep,
            @Nullable BudgetRule rule) {

        boolean isSame(Counted other) {
            return window.equals(other.window) && zone.equals(other.zone);
        }

        boolean hasTheLimitsOf(Counted other) {
            return isSame(other) && limits(rule).equals(limits(other.rule));
        }

        /** 0.004 and 0.004000 are one limit. */
        private static List<@Nullable Object> limits(@Nullable BudgetRule rule) {
            return rule == null
                    ? List.of()
                    : Arrays.asList(
                            plain(rule.maxBudget()), plain(rule.softBudget()), rule.maxTokens(), rule.softTokens());
        }

        private static @Nullable BigDecimal plain(@Nullable BigDecimal usd) {
            return usd == null ? null : usd.stripTrailingZeros();
        }

        Counted limitedBy(@Nullable BudgetRule newRule) {
            return new Counted(window, zone, since, fromStep, newRule);
        }

        Instant start(Instant time) {
            ZonedDateTime local = time.atZone(zone).truncatedTo(ChronoUnit.DAYS);
            return switch (window) {
                case "day" -> local.toInstant();
                case "month" -> local.withDayOfMonth(1).toInstant();
                case "2h" -> Instant.ofEpochMilli(time.toEpochMilli() / 7_200_000 * 7_200_000);
                default -> throw new IllegalArgumentException(window);
            };
        }

        Instant end(Instant time) {
            ZonedDateTime start = start(time).atZone(zone);
            return switch (window) {
                case "day" -> start.plusDays(1).toInstant();
                case "month" -> start.plusMonths(1).toInstant();
                default -> start.plusHours(2).toInstant();
            };
        }
    }

    /** A sum of both measures. */
    record Sum(long micros, long tokens) {
        Sum plus(Item item) {
            return new Sum(micros + item.micros(), tokens + item.tokens());
        }
    }

    Instant clock;
    Instant policyAt = Instant.EPOCH;
    List<Counted> windows = new ArrayList<>();
    Map<String, Item> open = new LinkedHashMap<>();
    Map<String, Item> events = new LinkedHashMap<>();
    Map<String, Integer> settlements = new LinkedHashMap<>();

    Oracle(Instant clock, List<BudgetRule> defaults) {
        this.clock = clock;
        govern(defaults, Instant.EPOCH, 0);
    }

    Oracle copy() {
        Oracle copy = new Oracle(clock, List.of());
        copy.policyAt = policyAt;
        copy.windows = new ArrayList<>(windows);
        copy.open = new LinkedHashMap<>(open);
        copy.events = new LinkedHashMap<>(events);
        copy.settlements = new LinkedHashMap<>(settlements);
        return copy;
    }

    /** Time as the books must see it. */
    Instant time(Instant now) {
        return now.isAfter(clock) ? now : clock;
    }

    void govern(List<BudgetRule> rules, Instant since, int step) {
        List<Counted> before = windows;
        windows = new ArrayList<>();
        for (BudgetRule rule : rules) {
            put(before, new Counted(rule.window().text(), rule.timeZone(), since, step, rule));
        }
        for (String always : List.of("day", "month")) {
            if (windows.stream().noneMatch(window -> window.window().equals(always))) {
                put(before, new Counted(always, ZoneOffset.UTC, since, step, null));
            }
        }
    }

    private void put(List<Counted> before, Counted counted) {
        windows.add(before.stream()
                .filter(counted::isSame)
                .findFirst()
                .map(same -> same.limitedBy(counted.rule()))
                .orElse(counted));
    }

    Counted window(String text) {
        return windows.stream()
                .filter(window -> window.window().equals(text))
                .findFirst()
                .orElseThrow();
    }

    Sum used(Counted window, Instant now) {
        return sum(window, events.values(), now);
    }

    Sum used(Counted window, String model, Instant now) {
        return sum(
                window,
                events.values().stream()
                        .filter(item -> item.model().equals(model))
                        .toList(),
                now);
    }

    Sum reserved(Counted window, Instant now) {
        return sum(window, open.values(), now);
    }

    private static Sum sum(Counted window, Collection<Item> items, Instant now) {
        Instant start = window.start(now);
        Instant end = window.end(now);
        Sum sum = new Sum(0, 0);
        for (Item item : items) {
            boolean inPeriod = !item.at().isBefore(start) && item.at().isBefore(end);
            boolean inForce = item.step() >= window.fromStep() && !item.at().isBefore(window.since());
            sum = inPeriod && inForce ? sum.plus(item) : sum;
        }
        return sum;
    }

    /** Whether a call of this size fits into every window. */
    boolean fits(long micros, long tokens, Instant now) {
        return windows.stream().allMatch(window -> {
            BudgetRule rule = window.rule();
            Sum used = used(window, now);
            Sum reserved = reserved(window, now);
            return rule == null
                    || (fits(limitMicros(rule), used.micros(), reserved.micros() + micros)
                            && fits(rule.maxTokens(), used.tokens(), reserved.tokens() + tokens));
        });
    }

    private static boolean fits(@Nullable Long limit, long used, long held) {
        return limit == null || (used < limit && used + held <= limit);
    }

    static @Nullable Long limitMicros(BudgetRule rule) {
        return rule.maxBudget() == null
                ? null
                : rule.maxBudget().movePointRight(6).longValueExact();
    }
}
