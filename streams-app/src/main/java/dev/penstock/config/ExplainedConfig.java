package dev.penstock.config;

import dev.penstock.config.Given.Reference;
import dev.penstock.config.Given.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A configuration and where each of its values came from. */
public final class ExplainedConfig {

    private static final String DEFAULT = "default";

    private final PenstockConfig config;
    private final SectionNames names;
    private final Map<String, Given> given;

    ExplainedConfig(PenstockConfig config, SectionNames names, Map<String, Given> given) {
        this.config = config;
        this.names = names;
        this.given = Map.copyOf(given);
    }

    public PenstockConfig config() {
        return config;
    }

    /**
     * Every value in effect. Secrets appear as references.
     *
     * @param key dotted
     * @param value in the form a configuration file takes
     * @param place file and line, environment variable, {@code --set}, {@code default}, or the key whose value it is
     */
    public record Line(String key, String value, String place) {}

    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Setting<?> setting : PenstockConfig.SETTINGS) {
            lines.add(line(setting.key(), otherwise(setting), DEFAULT));
        }
        config.targets().stream()
                .filter(target -> names.of(TargetConfig.SECTION).contains(target.name()))
                .forEach(target -> addTarget(lines, target));
        config.tiers().forEach(tier -> addTier(lines, tier));
        config.classifier().forEach(rule -> addRule(lines, rule));
        config.kafka().shown().forEach((name, value) -> lines.add(line(Values.KAFKA_PREFIX + name, value, DEFAULT)));
        return lines;
    }

    private String otherwise(Setting<?> setting) {
        if (setting.equals(ProviderConfig.BASE_URL)) {
            return config.provider().baseUrl().toString();
        }
        if (setting.equals(DispatchConfig.TENANT_MAX_IN_FLIGHT)) {
            return Integer.toString(config.dispatch().tenantMaxInFlight());
        }
        return setting.equals(ProviderConfig.UNLISTED_MODELS)
                ? config.provider().shownUnlistedModels()
                : setting.defaultText();
    }

    private void addTarget(List<Line> lines, TargetConfig target) {
        TargetConfig.SECTION.settings().forEach(setting -> {
            String value = target.shown(setting);
            String place = place(setting, target, value);
            lines.add(line(setting.of(target.name()).key(), value, place));
        });
    }

    /** Where a field's value comes from that the target does not set itself. */
    private String place(Setting<?> setting, TargetConfig target, String value) {
        if (setting.equals(TargetConfig.API_KEY) && value.isEmpty()) {
            return "none";
        }
        if (setting.equals(TargetConfig.BASE_URL)
                && !target.kind().equals(config.provider().kind())) {
            return DEFAULT;
        }
        return setting.defaultText().equals("0") ? DEFAULT : setting.defaultText();
    }

    private void addTier(List<Line> lines, TierConfig tier) {
        lines.add(line(
                TierConfig.CHAIN.of(tier.name()).key(), String.join(",", tier.chain()), ProviderConfig.NAME.key()));
        lines.add(line(
                TierConfig.TIMEOUT.of(tier.name()).key(),
                DurationText.write(tier.timeout()),
                given.containsKey(ProviderConfig.TIMEOUT.key()) ? ProviderConfig.TIMEOUT.key() : DEFAULT));
    }

    /** Only the conditions that it has: the others hold for everything. */
    private void addRule(List<Line> lines, ClassifierRuleConfig rule) {
        ClassifierRuleConfig.SECTION.settings().stream()
                .map(setting -> setting.of(rule.name()).key())
                .filter(given::containsKey)
                .forEach(key -> lines.add(line(key, "", DEFAULT)));
    }

    private Line line(String key, String otherwise, String from) {
        Given value = given.get(key);
        if (value == null) {
            return new Line(key, otherwise, from);
        }
        return switch (value.node()) {
            case Text text -> new Line(key, text.text(), value.place());
            case Reference reference -> new Line(key, reference.ref().yaml(), value.place());
        };
    }
}
