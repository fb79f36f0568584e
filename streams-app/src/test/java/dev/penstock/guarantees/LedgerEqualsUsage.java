package dev.penstock.guarantees;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was charged is what was called: one usage event for each call that was billed or may have been, and none else. Where
 * budgets are published, the last status of a month is the sum of the usage events and of its models' shares, and nothing is
 * held when all is over.
 *
 * <p>Legal: one answered call, one event {@code billed}. A call that was open when its process was killed: one event
 * {@code unknown}, and one {@code billed} for the call that repeated it. A call that a kill caught before it left is charged
 * as {@code unknown} too, for nobody can know. A late answer adds an event {@code corrected} with the id of the charge that
 * it replaces, and a late failure may say {@code unknown} once more under the same id, which counts once. A call refused with 429: no event.
 *
 * <p>Illegal: an answered call without an event; two events for one call; an answer billed under the id of an earlier charge; {@code billed} more often
 * than the provider answered; an event of another tenant than its request's; an event that no call and no fault explains; a
 * month that says more or less than its events.
 */
public final class LedgerEqualsUsage implements Guarantee {

    private static final class Tally {
        int possiblyBilled;
        int answered;
        int charges;
        int billed;
    }

    private final KnownRequests requests = new KnownRequests();
    private final List<Event.ProviderCall> calls = new ArrayList<>();
    private final Map<Position, Content> events = new LinkedHashMap<>();
    private final Map<String, Content.Budget> months = new HashMap<>();
    private final Map<String, Map<String, BigDecimal>> sharesByModel = new HashMap<>();
    private int faults;

    @Override
    public void onProduced(Event.Produced produced) {
        requests.add(produced);
    }

    @Override
    public void onCalled(Event.ProviderCall call) {
        calls.add(call);
    }

    @Override
    public void onFault(Event.Fault fault) {
        if (fault.kind().losesCalls()) {
            faults++;
        }
    }

    @Override
    public void onObserved(Event.Observed observed) {
        requests.add(observed);
        if (observed.role() == Role.USAGE) {
            events.put(observed.position(), ContentReader.read(Role.USAGE, observed.message()));
        }
        if (observed.role() == Role.BUDGETS
                && ContentReader.read(Role.BUDGETS, observed.message()) instanceof Content.Budget status
                && status.window().equals("month")) {
            month(status);
        }
        String key = observed.message().key();
        if (observed.role() == Role.BUDGETS && observed.message().value().isEmpty() && key != null) {
            ended(key);
        }
    }

    /** The share of a model ends where a new month counts nothing for it yet. */
    private void ended(String key) {
        String[] parts = key.split("\\|", 3);
        if (parts.length == 3 && parts[1].equals("month")) {
            sharesByModel.getOrDefault(parts[0], new HashMap<>()).remove(parts[2]);
        }
    }

    private void month(Content.Budget status) {
        if (status.model() == null) {
            months.put(status.tenant(), status);
        } else {
            sharesByModel
                    .computeIfAbsent(status.tenant(), tenant -> new HashMap<>())
                    .put(status.model(), status.usedUsd());
        }
    }

    @Override
    public List<Violation> check() {
        List<Violation> violations = new ArrayList<>();
        Map<String, Tally> tallies = new HashMap<>();
        calls.forEach(call -> {
            Tally tally = tallies.computeIfAbsent(call.bodyDigest(), digest -> new Tally());
            tally.possiblyBilled += call.ending().possiblyBilled() ? 1 : 0;
            tally.answered += call.ending() == Event.Ending.ANSWERED ? 1 : 0;
        });
        Set<String> seen = new HashSet<>();
        events.forEach((position, content) -> {
            if (content instanceof Content.Usage usage) {
                charge(position, usage, seen, tallies, violations);
            } else {
                violations.add(violation(position + " is no usage event: " + content));
            }
        });
        tallies.forEach((digest, tally) -> checkTally(digest, tally, violations));
        months.values().forEach(month -> checkMonth(month, violations));
        return violations;
    }

    private void charge(
            Position position,
            Content.Usage usage,
            Set<String> seen,
            Map<String, Tally> tallies,
            List<Violation> violations) {
        Content.Asked asked = requests.asked(usage.requestId()).orElse(null);
        if (asked == null || !asked.tenant().equals(usage.tenant())) {
            violations.add(violation(position + " charges a tenant that did not ask " + usage.requestId()));
            return;
        }
        if ("corrected".equals(usage.status())) {
            return;
        }
        boolean unknown = "unknown".equals(usage.status());
        if (!seen.add(usage.eventId())) {
            if (unknown) {
                return;
            }
            violations.add(violation(position + " repeats event " + usage.eventId()));
        } else {
            Tally tally = tallies.computeIfAbsent(asked.bodyDigest(), digest -> new Tally());
            tally.charges++;
            tally.billed += "billed".equals(usage.status()) ? 1 : 0;
        }
    }

    private void checkTally(String digest, Tally tally, List<Violation> violations) {
        String body = "body " + digest.substring(0, Math.min(12, digest.length()));
        if (tally.charges < tally.possiblyBilled) {
            violations.add(violation(
                    body + ": " + tally.possiblyBilled + " calls may be billed, " + tally.charges + " usage events"));
        }
        if (tally.charges > tally.possiblyBilled + faults) {
            violations.add(violation(body + ": " + tally.charges + " usage events, " + tally.possiblyBilled
                    + " calls that may be billed and " + faults + " faults"));
        }
        if (tally.billed > tally.answered) {
            violations.add(violation(body + ": billed " + tally.billed + " times, answered " + tally.answered));
        }
    }

    private void checkMonth(Content.Budget month, List<Violation> violations) {
        BigDecimal charged = Charges.of(events.values(), month.tenant());
        if (month.usedUsd().compareTo(charged) != 0) {
            violations.add(
                    violation(month.tenant() + ": the month says " + month.usedUsd() + ", its events " + charged));
        }
        BigDecimal shares = sharesByModel.getOrDefault(month.tenant(), Map.of()).values().stream()
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (shares.compareTo(month.usedUsd()) != 0) {
            violations.add(violation(
                    month.tenant() + ": the month says " + month.usedUsd() + ", the shares of its models " + shares));
        }
        if (month.reservedUsd().signum() != 0) {
            violations.add(violation(month.tenant() + ": " + month.reservedUsd() + " held, though all is over"));
        }
    }

    private Violation violation(String what) {
        return new Violation(name(), what);
    }
}
