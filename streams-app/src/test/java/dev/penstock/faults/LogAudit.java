package dev.penstock.faults;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks for error lines that a scenario does not expect. What it expects stands here in writing, with the reason. */
final class LogAudit {

    private static final Pattern ERROR = Pattern.compile("\\bERROR\\b|\"level\":\"ERROR\"|\\bFATAL\\b");

    private final Map<Pattern, String> allowed = new LinkedHashMap<>();
    private final Set<String> leftOut = new HashSet<>();

    /**
     * Expects lines that hold the pattern.
     *
     * @param because why the fault must cause them
     */
    LogAudit allow(String pattern, String because) {
        requireReason(pattern, because);
        allowed.put(Pattern.compile(pattern), because);
        return this;
    }

    /**
     * Does not look at what that process says.
     *
     * @param because why its errors say nothing about the program
     */
    LogAudit leaveOut(String process, String because) {
        requireReason(process, because);
        leftOut.add(process);
        return this;
    }

    /** The error lines of a process's log that nothing allows. */
    List<String> unexpected(String process, String name, String log) {
        List<String> found = new ArrayList<>();
        if (leftOut.contains(process)) {
            return found;
        }
        log.lines()
                .filter(line -> ERROR.matcher(line).find())
                .filter(line -> allowed.keySet().stream()
                        .noneMatch(pattern -> pattern.matcher(line).find()))
                .forEach(line -> found.add(name + ": " + line));
        return found;
    }

    private static void requireReason(String what, String because) {
        if (because.isBlank()) {
            throw new IllegalArgumentException("because: empty (expected: why " + what + " is expected)");
        }
    }
}
