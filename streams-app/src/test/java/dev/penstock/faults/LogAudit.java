package dev.penstock.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Looks for error lines that a scenario does not expect. What it expects stands here in writing, with the reason. */
final class LogAudit {

    private static final Pattern ERROR = Pattern.compile("\\bERROR\\b|\"level\":\"ERROR\"|\\bFATAL\\b");

    private final Map<Pattern, String> allowed = new LinkedHashMap<>();

    /**
     * Expects lines that hold the pattern.
     *
     * @param because why the fault must cause them
     */
    LogAudit allow(String pattern, String because) {
        if (because.isBlank()) {
            throw new IllegalArgumentException("because: empty (expected: why " + pattern + " is expected)");
        }
        allowed.put(Pattern.compile(pattern), because);
        return this;
    }

    /** The error lines of a log that nothing allows. */
    List<String> unexpected(String name, String log) {
        List<String> found = new ArrayList<>();
        log.lines()
                .filter(line -> ERROR.matcher(line).find())
                .filter(line -> allowed.keySet().stream()
                        .noneMatch(pattern -> pattern.matcher(line).find()))
                .forEach(line -> found.add(name + ": " + line));
        return found;
    }
}
