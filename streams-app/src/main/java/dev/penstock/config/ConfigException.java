package dev.penstock.config;

import java.util.List;

/** The configuration is wrong. Holds every mistake found, one line each. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line each: place, key, value, what was expected. */
    public List<String> problems() {
        return problems;
    }
}
