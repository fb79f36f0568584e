package dev.penstock.fake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers a prompt of several items, each between lines with an id: every item as if it had been asked by itself. */
final class SharedPromptAnswer {

    private static final Pattern ITEM =
            Pattern.compile("\\[\\[ITEM ([a-z2-7]+)]]\\n(.*?)\\n\\[\\[END \\1]]\\n", Pattern.DOTALL);

    private SharedPromptAnswer() {}

    static boolean isFor(Conversation conversation) {
        return conversation.last().startsWith("[[ITEM ");
    }

    static String text(Conversation conversation) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        ArrayNode answers = whole.putArray("answers");
        Matcher items = ITEM.matcher(conversation.last());
        while (items.find()) {
            answers.addObject()
                    .put("id", items.group(1))
                    .put("answer", FakeAnswer.text(conversation.model(), items.group(2)));
        }
        return whole.toString();
    }
}
