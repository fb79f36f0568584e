package dev.penstock.pipeline;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a later reading has lost or changed of an earlier one. */
final class Kept {

    private final List<String> lost = new ArrayList<>();

    private Kept() {}

    /** Places of what is not the same; fields that were added are nothing lost. */
    static List<String> lost(JsonNode before, JsonNode after) {
        Kept kept = new Kept();
        kept.compare("", before, after);
        return kept.lost;
    }

    private void compare(String place, JsonNode before, JsonNode after) {
        if (before.isObject() && after.isObject()) {
            before.forEachEntry((name, value) -> compare(place + "/" + name, value, after.path(name)));
        } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                compare(place + "/" + i, before.path(i), after.path(i));
            }
        } else if (!before.equals(after)) {
            lost.add(place);
        }
    }
}
