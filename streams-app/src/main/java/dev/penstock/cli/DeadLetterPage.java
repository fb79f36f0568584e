package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.DeadLetterRemedy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A dead letter as the page shows it: every text cut and without control characters, and nothing of the request's content.
 *
 * @param summary not to be changed
 */
record DeadLetterPage(ObjectNode summary) {

    private static final int MAX_TEXT = 256;
    private static final int MAX_VALUE = 32_000;

    static DeadLetterPage of(DeadLetter letter) {
        ObjectNode summary = DeadLetterText.summary(letter);
        for (Map.Entry<String, tools.jackson.databind.JsonNode> field : summary.properties()) {
            if (field.getValue().isString()) {
                summary.put(field.getKey(), Cell.escaped(field.getValue().stringValue(), MAX_TEXT));
            }
        }
        if (letter.why() != null) {
            DeadLetterCode code = letter.why().code();
            summary.put("meaning", code.meaning());
            summary.put("remedy", DeadLetterRemedy.of(code));
        }
        return new DeadLetterPage(summary);
    }

    /** With what its request is like; the request itself only where that is asked for. */
    static ObjectNode whole(DeadLetter letter, boolean withPrompt) {
        ObjectNode whole = of(letter).summary();
        byte[] value = letter.value();
        if (value != null) {
            whole.set("outline", RequestOutline.of(value, letter.isCut()));
        }
        if (value != null && withPrompt) {
            whole.put("value", Cell.escaped(new String(value, StandardCharsets.UTF_8), MAX_VALUE));
        }
        return whole;
    }
}
