package dev.penstock.faults;

import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.Role;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the results of a scenario say of themselves: their sections {@code penstock}. */
final class ResultSections {

    private ResultSections() {}

    static List<JsonNode> of(Rig rig) {
        return rig.recorder()
                .history()
                .of(Event.Observed.class)
                .filter(observed -> observed.role() == Role.RESULTS)
                .map(observed ->
                        JsonMapper.shared().readTree(observed.message().value()).path("penstock"))
                .toList();
    }

    /** Names of the targets that were tried, in order. */
    static List<String> targets(JsonNode section) {
        return attempts(section, "target");
    }

    /** What the attempts came to, in order. */
    static List<String> outcomes(JsonNode section) {
        return attempts(section, "outcome");
    }

    private static List<String> attempts(JsonNode section, String field) {
        return section.path("attempts")
                .valueStream()
                .map(attempt -> attempt.path(field).asString())
                .toList();
    }

    /** How long the request took beyond the attempt that answered it, in milliseconds. */
    static long addedMillis(JsonNode section) {
        JsonNode attempts = section.path("attempts");
        return section.path("timings_ms").path("total").asLong()
                - attempts.path(attempts.size() - 1).path("ms").asLong();
    }
}
