package dev.penstock.config;

import java.util.Locale;

/**
 * One configuration key: how its text is read, its default and what it is for. Nothing else knows any of these.
 *
 * @param key dotted, snake case: {@code dispatch.in_doubt.policy}
 * @param defaultText in the form a person would write; of a target or a tier, where its value comes from otherwise
 * @param meaning one sentence for the reference page
 */
public record Setting<T>(String key, ValueType<T> type, String defaultText, String meaning) {

    public static final String ENVIRONMENT_PREFIX = "PENSTOCK_";

    /** The environment variable that sets this key. */
    public String environmentName() {
        return ENVIRONMENT_PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** The same setting of one target or tier: {@code targets.NAME.model} becomes {@code targets.mini.model}. */
    Setting<T> of(String name) {
        return new Setting<>(key.replace("." + Section.NAME + ".", "." + name + "."), type, defaultText, meaning);
    }

    T defaultValue() {
        return type.read(defaultText).orElseThrow(() -> new IllegalStateException(key + ": default " + defaultText));
    }
}
