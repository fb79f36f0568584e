package dev.penstock.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How each line of a file should end: beside {@code NAME.jsonl}, in {@code NAME.expected.jsonl}, {@code {"line":1,"ends":"provider"}}. */
record Expectations(Map<Long, String> byLine) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Nothing is expected of a file that has no such neighbour. */
    static Expectations beside(Path file) throws CommandFailure {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.jsonl$", "") + ".expected.jsonl";
        Path expected = file.resolveSibling(name);
        Map<Long, String> byLine = new HashMap<>();
        if (Files.exists(expected)) {
            try {
                for (String line : Files.readAllLines(expected)) {
                    JsonNode entry = JSON.readTree(line);
                    byLine.put(
                            entry.required("line").asLong(),
                            entry.required("ends").asString());
                }
            } catch (IOException | JacksonException | IllegalArgumentException wrong) {
                throw CommandFailure.failed(expected + ": cannot be read (expected: {\"line\":N,\"ends\":HOW} lines)");
            }
        }
        return new Expectations(byLine);
    }

    Optional<String> ofLine(long number) {
        return Optional.ofNullable(byLine.get(number));
    }
}
