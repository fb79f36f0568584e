package dev.penstock.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for error lines that a scenario does not expect, and for lines that repeat. What it expects stands here in writing, with the reason. */
final class LogAudit {

    private static final Pattern ERROR = Pattern.compile("\\bERROR\\b|\"level\":\"ERROR\"|\\bFATAL\\b");

    /** A line of the program that tells of trouble: when, and what. */
    private static final Pattern TROUBLE =
            Pattern.compile("^ts=(\\S+) (level=(?:WARN|ERROR) logger=\\S+ msg=\"(?:[^\"\\\\]|\\\\.)*\")(.*)$");

    /** What differs between two lines of one cause: numbers, addresses, partitions, clients and what else holds a digit. */
    private static final Pattern DETAIL = Pattern.compile("\\S*\\d\\S*");

    private static final Pattern SUPPRESSED = Pattern.compile(" suppressed=\\d+");

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

    /** Causes that a log tells of more often than once a minute, with the number of lines. */
    List<String> repeated(String process, String name, String log) {
        List<String> found = new ArrayList<>();
        if (leftOut.contains(process)) {
            return found;
        }
        Map<String, List<Instant>> causes = new LinkedHashMap<>();
        log.lines()
                .map(TROUBLE::matcher)
                .filter(Matcher::matches)
                .forEach(line -> causes.computeIfAbsent(cause(line), cause -> new ArrayList<>())
                        .add(Instant.parse(line.group(1))));
        causes.forEach((cause, times) -> {
            long minutes = Duration.between(times.getFirst(), times.getLast()).toMinutes();
            if (times.size() > 1 + minutes) {
                found.add(name + ": " + times.size() + " lines within " + (1 + minutes) + " min: " + cause);
            }
        });
        return found;
    }

    /** The text without details, and what the program says beside it. */
    private static String cause(Matcher line) {
        return DETAIL.matcher(line.group(2)).replaceAll("#")
                + SUPPRESSED.matcher(line.group(3)).replaceAll("");
    }

    private static void requireReason(String what, String because) {
        if (because.isBlank()) {
            throw new IllegalArgumentException("because: empty (expected: why " + what + " is expected)");
        }
    }
}
