package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.BudgetWindow;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which windows are counted, and under which limits. Days and months are always counted, limited or not, so that a limit
 * that is taken away and put back finds the spend of its period. A window that changes otherwise starts afresh.
 */
final class MeterPolicy {

    private MeterPolicy() {}

    /** @param since from when on usage counts in windows that are new */
    static Ledger apply(Ledger ledger, List<BudgetRule> rules, ZoneId zone, Instant since) {
        return apply(ledger, windows(rules, zone), since);
    }

    /** The same, of windows that are known already. A ledger that counts them under these limits stays as it is. */
    static Ledger apply(Ledger ledger, Map<Window, Limits> windows, Instant since) {
        return holds(ledger.meters(), windows) ? ledger : changed(ledger, windows, since);
    }

    /** Whether meters count those windows, under those limits. */
    static boolean holds(List<Meter> meters, Map<Window, Limits> windows) {
        if (meters.size() != windows.size()) {
            return false;
        }
        int i = 0;
        for (Map.Entry<Window, Limits> counted : windows.entrySet()) {
            Meter meter = meters.get(i++);
            if (!meter.window().equals(counted.getKey()) || !meter.isLimited(counted.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static Ledger changed(Ledger ledger, Map<Window, Limits> windows, Instant since) {
        List<Meter> meters = new ArrayList<>();
        int serial = ledger.nextSerial();
        for (Map.Entry<Window, Limits> counted : windows.entrySet()) {
            Meter before = find(ledger.meters(), counted.getKey());
            meters.add(
                    before == null
                            ? fresh(serial++, counted.getKey(), counted.getValue(), since, ledger.asOf())
                            : before.limited(counted.getValue()));
        }
        return ledger.withMeters(meters, serial);
    }

    /** The windows that rules ask for, with days and months. */
    static Map<Window, Limits> windows(List<BudgetRule> rules, ZoneId zone) {
        Map<Window, Limits> windows = new LinkedHashMap<>();
        rules.forEach(rule -> windows.put(Window.of(rule), Limits.of(rule)));
        for (BudgetWindow.Calendar calendar : BudgetWindow.Calendar.values()) {
            if (rules.stream().noneMatch(rule -> rule.window() == calendar)) {
                windows.put(Window.of(calendar, zone), Limits.NONE);
            }
        }
        return windows;
    }

    private static @Nullable Meter find(List<Meter> meters, Window window) {
        return meters.stream()
                .filter(meter -> meter.window().equals(window))
                .findFirst()
                .orElse(null);
    }

    private static Meter fresh(int serial, Window window, Limits limits, Instant since, Instant now) {
        return new Meter(
                serial,
                window,
                since,
                window.periodAt(now),
                Gauge.of(limits.usd(), limits.softUsd()),
                Gauge.of(limits.tokens(), limits.softTokens()),
                List.of());
    }
}
