package dev.penstock.budget;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One window of one tenant in its current period.
 *
 * @param serial never used again in this ledger, so that a window that left and came back is another one
 * @param since usage from before that time is not counted: the window was not in force
 * @param ahead spend of coming periods, nearly always empty
 */
public record Meter(
        int serial, Window window, Instant since, Period period, Gauge usd, Gauge tokens, List<Ahead> ahead) {

    public Meter {
        ahead = List.copyOf(ahead);
    }

    /** The meter at a time that is not before its period. Spend starts at zero in each period, and so do reports. */
    Meter at(Instant time) {
        if (time.isBefore(period.end())) {
            return this;
        }
        Period next = window.periodAt(time);
        Ahead early = early(next.start());
        List<Ahead> later = ahead.stream()
                .filter(spend -> spend.start().isAfter(next.start()))
                .toList();
        return new Meter(serial, window, since, next, usd.next(early.usd()), tokens.next(early.tokens()), later);
    }

    private Ahead early(Instant start) {
        return ahead.stream()
                .filter(spend -> spend.start().equals(start))
                .findFirst()
                .orElse(new Ahead(start, BigDecimal.ZERO, BigDecimal.ZERO));
    }

    /** Whether it counts days or months. Every ledger counts both. */
    boolean isOfCalendar() {
        return window.isOfCalendar();
    }

    /** The start of the period that a time lies in, which is this one or a later one. */
    Instant startAt(Instant time) {
        return period.contains(time) ? period.start() : window.periodAt(time).start();
    }

    /** Whether usage of that time belongs to this meter at all. */
    boolean counts(Instant at) {
        return !at.isBefore(since);
    }

    Meter hold(Amount worst) {
        return with(usd.hold(worst.countedUsd()), tokens.hold(worst.countedTokens()));
    }

    /** Turns a reservation of that time into spend. One of an earlier period has left with its period. */
    Meter settle(Instant at, Amount held, Amount actual) {
        return period.contains(at)
                ? with(
                        usd.settle(held.countedUsd(), actual.countedUsd()),
                        tokens.settle(held.countedTokens(), actual.countedTokens()))
                : this;
    }

    /** Replaces what was counted at that time; nothing before, for what is new. */
    Meter replace(Instant at, Amount before, Amount after) {
        if (at.isBefore(period.start())) {
            return this;
        }
        if (!period.contains(at)) {
            return replaceAhead(window.periodAt(at).start(), before, after);
        }
        return with(
                usd.replace(before.countedUsd(), after.countedUsd()),
                tokens.replace(before.countedTokens(), after.countedTokens()));
    }

    private Meter replaceAhead(Instant start, Amount before, Amount after) {
        Ahead now = early(start);
        List<Ahead> changed = new ArrayList<>(ahead);
        changed.removeIf(spend -> spend.start().equals(start));
        changed.add(new Ahead(
                start,
                now.usd().subtract(before.countedUsd()).add(after.countedUsd()),
                now.tokens().subtract(before.countedTokens()).add(after.countedTokens())));
        return new Meter(serial, window, since, period, usd, tokens, changed);
    }

    boolean isLimited(Limits limits) {
        return usd.isLimited(limits.usd(), limits.softUsd()) && tokens.isLimited(limits.tokens(), limits.softTokens());
    }

    Meter limited(Limits limits) {
        return with(usd.limited(limits.usd(), limits.softUsd()), tokens.limited(limits.tokens(), limits.softTokens()));
    }

    Meter with(Gauge newUsd, Gauge newTokens) {
        return new Meter(serial, window, since, period, newUsd, newTokens, ahead);
    }

    /** What has been passed in this period and not been reported. */
    List<Crossing> unreported() {
        List<Crossing> crossings = new ArrayList<>();
        usd.unreported().forEach(level -> crossings.add(new Crossing(window.text(), period, Measure.USD, level)));
        tokens.unreported().forEach(level -> crossings.add(new Crossing(window.text(), period, Measure.TOKENS, level)));
        return crossings;
    }

    /** Notes that a call that may come to that much was refused. */
    Meter refuse(Amount worst) {
        return with(usd.refuse(worst.countedUsd()), tokens.refuse(worst.countedTokens()));
    }

    /** The limits under which something has been refused in this period, and had not been before. */
    List<Exhaustion> exhaustedSince(Meter before) {
        List<Exhaustion> exhausted = new ArrayList<>();
        if (usd.refused() != null && before.usd().refused() == null) {
            exhausted.add(new Exhaustion(window.text(), period, Measure.USD));
        }
        if (tokens.refused() != null && before.tokens().refused() == null) {
            exhausted.add(new Exhaustion(window.text(), period, Measure.TOKENS));
        }
        return exhausted;
    }

    Meter withAllReported() {
        return with(usd.withAllReported(), tokens.withAllReported());
    }

    /** When all that it counts belongs to periods that are over; {@link Instant#MIN} when it counts nothing. */
    Instant overAt() {
        Instant over = usd.isUntouched() && tokens.isUntouched() ? Instant.MIN : period.end();
        for (Ahead spend : ahead) {
            Instant end = window.periodAt(spend.start()).end();
            over = end.isAfter(over) ? end : over;
        }
        return over;
    }

    /** Applies a change to those of the meters that have one of the serials. */
    static List<Meter> changed(List<Meter> meters, List<Integer> serials, UnaryOperator<Meter> change) {
        return meters.stream()
                .map(meter -> serials.contains(meter.serial()) ? change.apply(meter) : meter)
                .toList();
    }
}
