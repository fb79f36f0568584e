package dev.penstock.guarantees;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * No tenant spends more than its limit. The provider is the witness: what it billed, and what it may have billed for calls
 * that ended nobody knows how, counts, whatever the ledger says. It is one period with one limit that is judged.
 *
 * <p>Legal: fifty calls of ten cents under five dollars, answered or lost; a call refused with 429, which costs nothing; an
 * unknown charge that a correction lowered. Illegal: the fifty-first call; usage events that come to more than the limit,
 * each event counted once by the best that is known of it; a status that is above the limit at any time, reservations
 * included.
 */
public final class BudgetNeverExceeded implements Guarantee {

    private final Map<String, BigDecimal> limits;
    private final Function<Content.Asked, BigDecimal> bill;
    private final KnownRequests requests = new KnownRequests();
    private final List<Event.ProviderCall> calls = new ArrayList<>();
    private final List<Content.Usage> charges = new ArrayList<>();
    private final Map<Position, Content.Budget> statuses = new LinkedHashMap<>();

    /**
     * @param limits US dollars, by tenant; others are not judged
     * @param bill what the provider bills for a call of that request
     */
    public BudgetNeverExceeded(Map<String, BigDecimal> limits, Function<Content.Asked, BigDecimal> bill) {
        this.limits = Map.copyOf(limits);
        this.bill = bill;
    }

    @Override
    public void onProduced(Event.Produced produced) {
        requests.add(produced);
    }

    @Override
    public void onCalled(Event.ProviderCall call) {
        calls.add(call);
    }

    @Override
    public void onObserved(Event.Observed observed) {
        requests.add(observed);
        switch (ContentReader.read(observed.role(), observed.message())) {
            case Content.Usage usage -> charges.add(usage);
            case Content.Budget status -> statuses.put(observed.position(), status);
            default -> {}
        }
    }

    @Override
    public List<Violation> check() {
        List<Violation> violations = new ArrayList<>();
        Map<String, BigDecimal> billed = billed();
        limits.forEach((tenant, limit) -> {
            compare(
                    tenant,
                    "the provider may have billed",
                    billed.getOrDefault(tenant, BigDecimal.ZERO),
                    limit,
                    violations);
            compare(tenant, "was charged", Charges.of(charges, tenant), limit, violations);
        });
        statuses.forEach((position, status) -> {
            BigDecimal limit = limits.get(status.tenant());
            if (limit != null) {
                compare(
                        status.tenant(),
                        position + " tells",
                        status.usedUsd().add(status.reservedUsd()),
                        limit,
                        violations);
            }
        });
        return violations;
    }

    private Map<String, BigDecimal> billed() {
        Map<String, Content.Asked> byBody = new HashMap<>();
        for (String id : requests.ids()) {
            requests.asked(id).ifPresent(asked -> byBody.put(asked.bodyDigest(), asked));
        }
        Map<String, BigDecimal> billed = new HashMap<>();
        for (Event.ProviderCall call : calls) {
            Content.Asked asked = byBody.get(call.bodyDigest());
            if (asked != null && call.ending().possiblyBilled()) {
                billed.merge(asked.tenant(), bill.apply(asked), BigDecimal::add);
            }
        }
        return billed;
    }

    private void compare(String tenant, String what, BigDecimal amount, BigDecimal limit, List<Violation> violations) {
        if (amount.compareTo(limit) > 0) {
            violations.add(new Violation(
                    name(), tenant + ": " + what + " " + amount.toPlainString() + " of " + limit.toPlainString()));
        }
    }
}
