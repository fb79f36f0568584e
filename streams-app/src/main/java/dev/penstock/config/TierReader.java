package dev.penstock.config;

import static dev.penstock.config.TierConfig.CHAIN;
import static dev.penstock.config.TierConfig.TIMEOUT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Makes the tiers, and holds their chains against the targets that there are. */
final class TierReader {

    private final Values values;
    private final ProviderConfig provider;
    private final List<TargetConfig> targets;

    TierReader(Values values, ProviderConfig provider, List<TargetConfig> targets) {
        this.values = values;
        this.provider = provider;
        this.targets = targets;
    }

    /** The built-in ones, then the others in the order in which they are named. */
    List<TierConfig> read() {
        Set<String> names = new LinkedHashSet<>(TierConfig.BUILT_IN);
        names.addAll(values.names().of(TierConfig.SECTION));
        return names.stream()
                .map(name -> new TierConfig(name, chain(name), timeout(name)))
                .toList();
    }

    private Duration timeout(String name) {
        Duration otherwise =
                values.isGiven(ProviderConfig.TIMEOUT) ? provider.timeout() : TierConfig.defaultTimeout(name);
        return values.find(TIMEOUT.of(name)).orElse(otherwise);
    }

    /** After a mistake, the first target, so that reading can go on. */
    private List<String> chain(String name) {
        List<String> otherwise = List.of(targets.getFirst().name());
        Setting<List<String>> setting = CHAIN.of(name);
        if (values.isGiven(setting)) {
            return values.find(setting).map(chain -> known(setting, chain)).orElse(otherwise);
        }
        boolean targetsAreNamed = !values.names().of(TargetConfig.SECTION).isEmpty();
        if (targetsAreNamed || !TierConfig.BUILT_IN.contains(name)) {
            values.missing(TierConfig.SECTION, setting, "names of targets out of " + targetNames());
        }
        return otherwise;
    }

    private List<String> known(Setting<List<String>> setting, List<String> chain) {
        List<String> known = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : chain) {
            boolean first = seen.add(name);
            boolean exists = targets.stream().anyMatch(target -> target.name().equals(name));
            values.expectPart(setting, name, first, "each target once");
            values.expectPart(setting, name, exists || !first, "one of the targets: " + targetNames());
            if (first && exists) {
                known.add(name);
            }
        }
        return known.isEmpty() ? List.of(targets.getFirst().name()) : known;
    }

    private String targetNames() {
        return String.join(
                ", ",
                targets.stream()
                        .map(TargetConfig::name)
                        .map(SectionNames::shown)
                        .toList());
    }
}
