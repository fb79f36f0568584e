package dev.penstock.guarantees;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Where all clients of a run write down what they see. */
public final class HistoryRecorder {

    private final List<Event> events = new ArrayList<>();

    /** Adds what was seen. */
    public synchronized void add(Event event) {
        events.add(event);
    }

    /** What was seen up to now. */
    public synchronized History history() {
        return new History(events);
    }

    /** Writes the history as one JSON object a line, for people who look into a failed run. */
    public Path writeTo(Path file) {
        StringBuilder lines = new StringBuilder();
        for (Event event : history().events()) {
            lines.append(event.getClass().getSimpleName())
                    .append(' ')
                    .append(JsonMapper.shared().writeValueAsString(event))
                    .append('\n');
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.writeString(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
