package dev.penstock.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One measure of one window in its current period: US dollars, or tokens. All sums are exact.
 *
 * @param used settled spend of the period
 * @param reserved held for calls that were admitted in the period and are not settled
 * @param limit the hard limit; null for none
 * @param soft the soft limit; null for none
 * @param reported the highest percentage of the limit that was reported in the period
 * @param warned whether the soft limit was reported in the period
 * @param refused the least that was refused in the period for what is spent or held in it; null when nothing was
 */
public record Gauge(
        BigDecimal used,
        BigDecimal reserved,
        @Nullable BigDecimal limit,
        @Nullable BigDecimal soft,
        int reported,
        boolean warned,
        @Nullable BigDecimal refused) {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final int PERCENT_SCALE = 2;

    static Gauge of(@Nullable BigDecimal limit, @Nullable BigDecimal soft) {
        return new Gauge(BigDecimal.ZERO, BigDecimal.ZERO, limit, soft, 0, false, null);
    }

    /** Whether that much more may be admitted. Once the limit is spent nothing is, not even what costs nothing. */
    boolean admits(BigDecimal more) {
        return limit == null
                || (used.compareTo(limit) < 0 && used.add(reserved).add(more).compareTo(limit) <= 0);
    }

    /** Whether that much could be admitted in a period of its own. */
    boolean everAdmits(BigDecimal more) {
        return limit == null || (limit.signum() > 0 && more.compareTo(limit) <= 0);
    }

    /** Notes that an amount does not fit into what is left. What no period could hold says nothing of this one. */
    Gauge refuse(BigDecimal amount) {
        boolean known = refused != null && refused.compareTo(amount) <= 0;
        return known || spent() || admits(amount) || !everAdmits(amount)
                ? this
                : new Gauge(used, reserved, limit, soft, reported, warned, amount);
    }

    /** Whether the least that was refused would be refused again. */
    boolean refuses() {
        return refused != null && !admits(refused);
    }

    Gauge hold(BigDecimal amount) {
        return with(used, reserved.add(amount));
    }

    /** Turns what was held into spend. */
    Gauge settle(BigDecimal held, BigDecimal actual) {
        return with(used.add(actual), reserved.subtract(held));
    }

    Gauge add(BigDecimal amount) {
        return with(used.add(amount), reserved);
    }

    Gauge replace(BigDecimal before, BigDecimal after) {
        return with(used.subtract(before).add(after), reserved);
    }

    /** A new period, in which that much is spent already. */
    Gauge next(BigDecimal spent) {
        return new Gauge(spent, BigDecimal.ZERO, limit, soft, 0, false, null);
    }

    /** Other limits on the same spend. What was reported about a lower limit, or refused under it, is not yet true of a higher one. */
    Gauge limited(@Nullable BigDecimal newLimit, @Nullable BigDecimal newSoft) {
        if (isLimited(newLimit, newSoft)) {
            return this;
        }
        Gauge limited = new Gauge(used, reserved, newLimit, newSoft, reported, warned, refused);
        return new Gauge(
                used,
                reserved,
                newLimit,
                newSoft,
                Math.min(reported, limited.highest()),
                warned && limited.passes(Level.SOFT),
                refused != null && limited.refuses() && limited.everAdmits(refused) ? refused : null);
    }

    boolean isLimited(@Nullable BigDecimal hard, @Nullable BigDecimal softer) {
        return same(limit, hard) && same(soft, softer);
    }

    private static boolean same(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        if (one == null) {
            return other == null;
        }
        return other != null && one.compareTo(other) == 0;
    }

    private Gauge with(BigDecimal nowUsed, BigDecimal nowReserved) {
        return new Gauge(nowUsed, nowReserved, limit, soft, reported, warned, refused);
    }

    /** What has been passed and not been reported, lowest first. */
    List<Level> unreported() {
        List<Level> levels = new ArrayList<>();
        for (Level level : Level.values()) {
            boolean told = level == Level.SOFT ? warned : level.percent() <= reported;
            if (!told && passes(level)) {
                levels.add(level);
            }
        }
        return levels;
    }

    Gauge withAllReported() {
        return new Gauge(
                used, reserved, limit, soft, Math.max(reported, highest()), warned || passes(Level.SOFT), refused);
    }

    private int highest() {
        int highest = 0;
        for (Level level : Level.values()) {
            highest = passes(level) ? Math.max(highest, level.percent()) : highest;
        }
        return highest;
    }

    /** Settled spend alone counts: reservations are worst cases, and most of them shrink. */
    boolean passes(Level level) {
        if (used.signum() == 0) {
            return false;
        }
        if (level == Level.SOFT) {
            return soft != null && used.compareTo(soft) >= 0;
        }
        return limit != null
                && used.multiply(HUNDRED).compareTo(limit.multiply(BigDecimal.valueOf(level.percent()))) >= 0;
    }

    /** Whether nothing has happened in the period. */
    boolean isUntouched() {
        return used.signum() == 0 && reserved.signum() == 0 && reported == 0 && !warned && refused == null;
    }

    boolean spent() {
        return limit != null && used.compareTo(limit) >= 0;
    }

    /** What may still be admitted; null without a limit. */
    @Nullable
    BigDecimal remaining() {
        return limit == null ? null : limit.subtract(used).subtract(reserved).max(BigDecimal.ZERO);
    }

    /** Used and reserved of the limit, rounded down, so that 100 is not shown before it is reached; null without a limit. */
    @Nullable
    BigDecimal percent() {
        if (limit == null) {
            return null;
        }
        return limit.signum() == 0
                ? HUNDRED
                : used.add(reserved).multiply(HUNDRED).divide(limit, PERCENT_SCALE, RoundingMode.DOWN);
    }
}
