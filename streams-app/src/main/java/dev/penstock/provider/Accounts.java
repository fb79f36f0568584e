package dev.penstock.provider;

import dev.penstock.config.TargetConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The rate gates of the quota accounts, and the turns at them. Of limits that targets of one account name, the lowest holds. */
record Accounts(List<TargetConfig> targets, Duration patience) {

    /** By name of the account. */
    Map<String, RateGate> gates() {
        return each(account -> new RateGate(
                lowest(account, TargetConfig::ownRpmLimit), lowest(account, TargetConfig::ownTpmLimit), patience));
    }

    /** Turns at their limits, by name of the account. */
    Map<String, RateTurns> turns() {
        return each(account ->
                new RateTurns(lowest(account, TargetConfig::ownRpmLimit), lowest(account, TargetConfig::ownTpmLimit)));
    }

    private <T> Map<String, T> each(Function<String, T> made) {
        Map<String, T> all = new LinkedHashMap<>();
        targets.forEach(target -> all.computeIfAbsent(target.quota(), made));
        return all;
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
