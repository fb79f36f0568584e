package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.schemas.DeadLetterHeaders;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is remembered of the dead letters that were read: how many of each code, and the last ones without their requests. */
final class RecentDeadLetters {

    private static final int EXAMPLES = 3;

    private final Map<String, OfCode> byCode = new TreeMap<>();
    private long read;
    private @Nullable Instant oldest;

    synchronized void add(DeadLetter letter) {
        read++;
        oldest = oldest == null || letter.writtenAt().isBefore(oldest) ? letter.writtenAt() : oldest;
        DeadLetterHeaders why = letter.why();
        byCode.computeIfAbsent(why == null ? "?" : why.code().code(), code -> new OfCode())
                .add(letter);
    }

    /** Begins anew. */
    synchronized void clear() {
        byCode.clear();
        read = 0;
        oldest = null;
    }

    synchronized void writeTo(ObjectNode object) {
        object.put("read", read);
        if (oldest != null) {
            object.put("oldest", oldest.toString());
        }
        ArrayNode codes = object.putArray("by_code");
        byCode.forEach((code, letters) -> letters.writeTo(codes.addObject().put("code", code)));
    }

    private static final class OfCode {

        private final Deque<DeadLetterPage> last = new ArrayDeque<>();
        private long count;
        private long retryable;

        void add(DeadLetter letter) {
            count++;
            DeadLetterHeaders why = letter.why();
            retryable += why != null && why.retryable() ? 1 : 0;
            last.addFirst(DeadLetterPage.of(letter));
            if (last.size() > EXAMPLES) {
                last.removeLast();
            }
        }

        void writeTo(ObjectNode object) {
            object.put("count", count);
            object.put("retryable", retryable);
            ArrayNode examples = object.putArray("examples");
            last.forEach(letter -> examples.add(letter.summary()));
        }
    }
}
