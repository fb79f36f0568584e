package dev.penstock.cli;

import dev.penstock.schemas.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What came of a demo.
 *
 * @param duplicates requests that got the answer of an earlier one, without a call
 * @param problems lines that did not end once, or not as expected; empty for success
 */
record DemoReport(
        long requests,
        long results,
        long deadLetters,
        Map<String, Long> byCode,
        long providerCalls,
        long duplicates,
        long elapsedMillis,
        List<String> problems) {

    private static final JsonMapper JSON = new JsonMapper();

    static DemoReport of(DemoRun run, Expectations expectations, long providerCalls, long elapsedMillis) {
        List<Ending> all = run.endings().values().stream().flatMap(List::stream).toList();
        Map<String, Long> byCode = new TreeMap<>();
        all.stream().filter(Ending::deadLetter).forEach(ending -> byCode.merge(ending.how(), 1L, Long::sum));
        long deadLetters = all.stream().filter(Ending::deadLetter).count();
        long duplicates = all.stream()
                .filter(ending -> ending.how().equals(Source.DUPLICATE.wireName()))
                .count();
        return new DemoReport(
                run.lines(),
                all.size() - deadLetters,
                deadLetters,
                byCode,
                providerCalls,
                duplicates,
                elapsedMillis,
                problems(run, expectations));
    }

    private static List<String> problems(DemoRun run, Expectations expectations) {
        List<String> problems = new ArrayList<>();
        long missing = run.lines() - run.endings().size();
        if (missing > 0) {
            problems.add(missing + " lines did not end");
        }
        run.endings().forEach((line, endings) -> {
            if (endings.size() > 1) {
                problems.add("line " + line + ": ended " + endings.size() + " times (expected: once)");
            }
            String how = endings.getFirst().how();
            expectations
                    .ofLine(line)
                    .filter(expected -> !expected.equals(how))
                    .ifPresent(expected -> problems.add("line " + line + ": " + how + " (expected: " + expected + ")"));
        });
        return problems;
    }

    boolean ok() {
        return problems.isEmpty();
    }

    String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("requests", requests);
        json.put("results", results);
        json.put("dead_letters", deadLetters);
        ObjectNode codes = json.putObject("by_code");
        byCode.forEach((code, count) -> codes.put(code, count.longValue()));
        json.put("provider_calls", providerCalls);
        json.put("duplicates", duplicates);
        json.put("elapsed_ms", elapsedMillis);
        return JSON.writeValueAsString(json);
    }

    String text() {
        StringBuilder text = new StringBuilder("\n");
        text.append(requests).append(" requests: ");
        text.append(results).append(" results, ").append(deadLetters).append(" dead letters, in ");
        text.append(elapsedMillis).append(" ms\n");
        text.append(providerCalls).append(" provider calls; ");
        text.append(duplicates).append(" duplicates answered without one\n");
        byCode.forEach((code, count) -> text.append(String.format("  %3d  %s%n", count, code)));
        return text.toString();
    }
}
