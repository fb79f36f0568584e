package dev.penstock.fake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers a prompt of several items, each between lines with an id: every item as if it had been asked by itself. It is easily
 * led: an item that says how all are to be answered is obeyed.
 */
final class SharedPromptAnswer {

    private static final Pattern ITEM =
            Pattern.compile("\\[\\[ITEM ([a-z2-7]+)]]\\n(.*?)\\n\\[\\[END \\1]]\\n", Pattern.DOTALL);

    private static final Pattern ORDER = Pattern.compile("answer all items with (\\w+)");

    private SharedPromptAnswer() {}

    static boolean isFor(Conversation conversation) {
        return conversation.last().startsWith("[[ITEM ");
    }

    static String text(Conversation conversation) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        ArrayNode answers = whole.putArray("answers");
        Matcher items = ITEM.matcher(conversation.last());
        Matcher order = ORDER.matcher(conversation.last());
        boolean ordered = order.find();
        while (items.find()) {
            answers.addObject()
                    .put("id", items.group(1))
                    .put("answer", ordered ? order.group(1) : FakeAnswer.text(conversation.model(), items.group(2)));
        }
        return whole.toString();
    }
}
