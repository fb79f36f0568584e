package dev.penstock.budget;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The marks that a history has been told of. */
final class Marks {

    private static final Map<Level, Integer> PERCENT = Map.of(Level.HALF, 50, Level.MOST, 80, Level.ALL, 100);

    private final Set<String> told = new HashSet<>();

    Marks copy() {
        Marks copy = new Marks();
        copy.told.addAll(told);
        return copy;
    }

    /** @return whether it was told for the first time */
    boolean remember(Crossing crossing) {
        return told.add(mark(crossing.window(), crossing.period(), crossing.measure(), crossing.level()));
    }

    void rememberAll(Collection<String> marks) {
        told.addAll(marks);
    }

    void forget(Oracle.Counted window) {
        told.removeIf(mark -> mark.startsWith(window.window()));
    }

    /** Marks in dollars that the oracle sees passed, and that nobody told of. */
    List<String> unreported(Ledger ledger, Oracle oracle, Instant now) {
        List<String> unreported = new ArrayList<>();
        for (Meter meter : ledger.meters()) {
            Oracle.Counted window = oracle.window(meter.window().text());
            Long limit = window.rule() == null ? null : Oracle.limitMicros(window.rule());
            long used = oracle.used(window, oracle.time(now)).micros();
            PERCENT.forEach((level, percent) -> {
                String mark = mark(window.window(), meter.period(), Measure.USD, level);
                if (limit != null && used > 0 && used * 100 >= limit * percent && !told.contains(mark)) {
                    unreported.add(mark);
                }
            });
        }
        return unreported;
    }

    private static String mark(String window, Period period, Measure measure, Level level) {
        return window + period.start() + measure + level;
    }
}
