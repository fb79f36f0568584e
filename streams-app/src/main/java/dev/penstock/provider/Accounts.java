package dev.penstock.provider;

import dev.penstock.config.TargetConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The rate gates of the quota accounts. Of limits that targets of one account name, the lowest holds. */
record Accounts(List<TargetConfig> targets, Duration patience) {

    /** By name of the account. */
    Map<String, RateGate> gates() {
        Map<String, RateGate> gates = new LinkedHashMap<>();
        for (TargetConfig target : targets) {
            gates.computeIfAbsent(
                    target.quota(),
                    account -> new RateGate(
                            lowest(account, TargetConfig::ownRpmLimit),
                            lowest(account, TargetConfig::ownTpmLimit),
                            patience));
        }
        return gates;
    }

    private long lowest(String account, ToLongFunction<TargetConfig> limit) {
        return targets.stream()
                .filter(target -> target.quota().equals(account))
                .mapToLong(limit)
                .filter(value -> value > 0)
                .min()
                .orElse(0);
    }
}
