package dev.penstock.batching;

import dev.penstock.batching.MemberAnswer.RunAlone;
import dev.penstock.batching.MemberAnswer.Text;
import dev.penstock.batching.MemberAnswer.Why;
import dev.penstock.schemas.BoundedJson;
import dev.penstock.schemas.CodecLimits;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what a model answered to a shared prompt. The text may be anything. An answer belongs to the member whose id it
 * bears; where it stands says nothing. An element of an unknown id belongs to nobody.
 *
 * @param members every id that was sent, in the order in which they were sent, and what there is for it
 * @param unknown elements that belong to no member
 */
record BatchAnswer(Map<String, MemberAnswer> members, int unknown) {

    private static final int MAX_DEPTH = 16;
    private static final int MAX_NUMBER_LENGTH = 1_000;

    /** @param body what the provider answered, with status 200 */
    static BatchAnswer of(JsonNode body, List<String> ids) {
        JsonNode choice = body.path("choices").path(0);
        boolean whole = choice.path("finish_reason").asString("").equals("stop")
                && !choice.path("message").hasNonNull("refusal");
        JsonNode content = choice.path("message").path("content");
        Optional<JsonNode> answers = whole && content.isString() ? answers(content.stringValue()) : Optional.empty();
        return answers.map(list -> matched(list, ids)).orElseGet(() -> unreadable(ids));
    }

    private static Optional<JsonNode> answers(String text) {
        byte[] bytes = withoutFence(text).getBytes(StandardCharsets.UTF_8);
        int size = Math.max(1, bytes.length);
        BoundedJson json = new BoundedJson(
                new CodecLimits(size, MAX_DEPTH, size, MAX_NUMBER_LENGTH, size), BoundedJson.HalfPairs.REPLACE);
        return switch (json.read(bytes)) {
            case BoundedJson.Read.Refused refused -> Optional.empty();
            case BoundedJson.Read.Tree tree ->
                Optional.of(tree.node().path(AnswerFormat.ANSWERS)).filter(JsonNode::isArray);
        };
    }

    /** Models like to put JSON into a code fence, whatever the prompt asks. */
    private static String withoutFence(String text) {
        String stripped = text.strip();
        int firstLine = stripped.indexOf('\n');
        boolean fenced = stripped.startsWith("```") && stripped.endsWith("```") && firstLine > 0;
        return fenced && stripped.length() - 3 > firstLine
                ? stripped.substring(firstLine + 1, stripped.length() - 3)
                : stripped;
    }

    private static BatchAnswer matched(JsonNode answers, List<String> ids) {
        Map<String, MemberAnswer> members = all(ids, Why.MISSING);
        int unknown = 0;
        for (JsonNode element : answers) {
            JsonNode id = element.path(AnswerFormat.ID);
            @Nullable MemberAnswer before = id.isString() ? members.get(id.stringValue()) : null;
            if (before == null) {
                unknown++;
            } else {
                members.put(id.stringValue(), isMissing(before) ? read(element) : new RunAlone(Why.DOUBLED));
            }
        }
        return new BatchAnswer(members, unknown);
    }

    private static boolean isMissing(MemberAnswer answer) {
        return answer instanceof RunAlone alone && alone.why() == Why.MISSING;
    }

    private static MemberAnswer read(JsonNode element) {
        JsonNode text = element.path(AnswerFormat.ANSWER);
        return text.isString() && !text.stringValue().isBlank()
                ? new Text(text.stringValue())
                : new RunAlone(Why.MALFORMED);
    }

    private static BatchAnswer unreadable(List<String> ids) {
        return new BatchAnswer(all(ids, Why.UNREADABLE), 0);
    }

    private static Map<String, MemberAnswer> all(List<String> ids, Why why) {
        Map<String, MemberAnswer> members = new LinkedHashMap<>();
        ids.forEach(id -> members.put(id, new RunAlone(why)));
        return members;
    }
}
