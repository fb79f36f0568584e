package dev.penstock.fake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the fake provider does with its calls.
 *
 * @param latency of every call, before any fault but hang and close
 * @param seed of the draws for latency and faults; draws go by the number of the call
 * @param faults shares of all calls that fail, and how
 * @param requireKey refuse calls without a key with 401
 * @param contextTokens refuse longer prompts with 400, by the provider's own count; no limit if 0
 * @param hold hold all calls, however they end, until a script follows that does not; latency comes after that
 */
public record FakeScript(
        Latency latency,
        long seed,
        List<FaultRule> faults,
        List<Quota> quotas,
        boolean requireKey,
        long contextTokens,
        boolean hold) {

    /** Answers everything at once. */
    public static final FakeScript PLAIN = new FakeScript(Latency.NONE, 1, List.of(), List.of(), false, 0, false);

    /**
     * @param rate share of calls, 0..1
     * @param keySha256 the digest of the one key whose calls it is about; null for all calls
     */
    public record FaultRule(
            double rate, Fault fault, @Nullable String keySha256) {
        public FaultRule {
            if (!(rate >= 0 && rate <= 1)) {
                throw new ScriptException("rate", rate, "0..1");
            }
        }

        boolean isAbout(@Nullable String caller) {
            return keySha256 == null || keySha256.equals(caller);
        }
    }

    public FakeScript {
        faults = List.copyOf(faults);
        quotas = List.copyOf(quotas);
        for (FaultRule rule : faults) {
            double sum = faults.stream()
                    .filter(other ->
                            other.keySha256() == null || other.keySha256().equals(rule.keySha256()))
                    .mapToDouble(FaultRule::rate)
                    .sum();
            if (sum > 1.000_001) {
                throw new ScriptException("faults", "rates that sum to " + sum, "at most 1 in all");
            }
        }
    }

    /** Reads a script from YAML or JSON. */
    public static FakeScript parse(String text) {
        return ScriptReader.read(text);
    }

    public FakeScript withLatency(Latency other) {
        return new FakeScript(other, seed, faults, quotas, requireKey, contextTokens, hold);
    }

    public FakeScript withFault(double rate, Fault fault) {
        return withFaults(List.of(new FaultRule(rate, fault, null)));
    }

    FakeScript withSeed(long other) {
        return new FakeScript(latency, other, faults, quotas, requireKey, contextTokens, hold);
    }

    FakeScript withFaults(List<FaultRule> others) {
        return new FakeScript(latency, seed, others, quotas, requireKey, contextTokens, hold);
    }

    FakeScript withQuotas(List<Quota> others) {
        return new FakeScript(latency, seed, faults, others, requireKey, contextTokens, hold);
    }

    FakeScript withRequireKey(boolean required) {
        return new FakeScript(latency, seed, faults, quotas, required, contextTokens, hold);
    }

    FakeScript withContextTokens(long most) {
        return new FakeScript(latency, seed, faults, quotas, requireKey, most, hold);
    }

    FakeScript withHold(boolean held) {
        return new FakeScript(latency, seed, faults, quotas, requireKey, contextTokens, held);
    }
}
