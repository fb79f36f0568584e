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
    private final Map<String, Given> given;

    ExplainedConfig(PenstockConfig config, Map<String, Given> given) {
        this.config = config;
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
     * @param place file and line, environment variable, {@code --set} or {@code default}
     */
    public record Line(String key, String value, String place) {}

    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Setting<?> setting : PenstockConfig.SETTINGS) {
            lines.add(line(setting.key(), setting.defaultText()));
        }
        config.kafka().shown().forEach((name, value) -> lines.add(line(Values.KAFKA_PREFIX + name, value)));
        return lines;
    }

    private Line line(String key, String otherwise) {
        Given value = given.get(key);
        if (value == null) {
            return new Line(key, otherwise, DEFAULT);
        }
        return switch (value.node()) {
            case Text text -> new Line(key, text.text(), value.place());
            case Reference reference -> new Line(key, reference.ref().yaml(), value.place());
        };
    }
}
