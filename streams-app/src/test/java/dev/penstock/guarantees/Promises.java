package dev.penstock.guarantees;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The guarantees that every scenario is held to. A scenario that must break one leaves it out with its reason, so that
 * the exclusion stands in writing beside it.
 */
public final class Promises {

    private final Map<Class<? extends Guarantee>, Supplier<Guarantee>> guarantees = new LinkedHashMap<>();

    private Promises() {}

    /**
     * All of them.
     *
     * @param answerTo what the provider answers to a request
     * @param decisionToSend see {@link NoCallRepeatedAfterItsOutcome}
     * @param outcomeWithin see {@link EveryRepeatHasItsFault}
     */
    public static Promises all(
            Function<Content.Asked, String> answerTo, Duration decisionToSend, Duration outcomeWithin) {
        Promises promises = new Promises();
        promises.guarantees.put(OneTerminalPerRequest.class, OneTerminalPerRequest::new);
        promises.guarantees.put(NothingLost.class, NothingLost::new);
        promises.guarantees.put(
                NoCallRepeatedAfterItsOutcome.class, () -> new NoCallRepeatedAfterItsOutcome(decisionToSend));
        promises.guarantees.put(EveryRepeatHasItsFault.class, () -> new EveryRepeatHasItsFault(outcomeWithin));
        promises.guarantees.put(OneKeyOneBody.class, OneKeyOneBody::new);
        promises.guarantees.put(LedgerEqualsUsage.class, LedgerEqualsUsage::new);
        promises.guarantees.put(NoCrossTenant.class, () -> new NoCrossTenant(answerTo));
        promises.guarantees.put(PerTenantOrderOfAdmission.class, PerTenantOrderOfAdmission::new);
        return promises;
    }

    /** Adds the search for canaries. */
    public Promises withCanaries(Set<String> secrets, Set<String> words) {
        guarantees.put(NoSecretAnywhere.class, () -> new NoSecretAnywhere(secrets, words));
        return this;
    }

    /** Adds one that needs to know more than the others: limits, for example. */
    public Promises with(Supplier<Guarantee> more) {
        guarantees.put(more.get().getClass(), more);
        return this;
    }

    /**
     * Leaves one out.
     *
     * @param because why the scenario must break it; an empty reason is refused
     */
    public Promises without(Class<? extends Guarantee> guarantee, String because) {
        if (because.isBlank()) {
            throw new IllegalArgumentException(
                    "because: empty (expected: why " + guarantee.getSimpleName() + " is out)");
        }
        guarantees.remove(guarantee);
        return this;
    }

    /** The checker for a history. */
    public Checker checker() {
        return new Checker(List.copyOf(guarantees.values()));
    }
}
