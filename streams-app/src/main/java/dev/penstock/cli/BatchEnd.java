package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.Result;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** How one request of a batch ended, as a line of the files that OpenAI hands out. */
sealed interface BatchEnd {

    String customId();

    Instant at();

    /** A line of the output file. */
    record Answered(Instant at, String customId, Result result) implements BatchEnd {

        String line() {
            ObjectNode line = JsonLine.object();
            line.put("id", result.id());
            line.put("custom_id", customId);
            ObjectNode response = line.putObject("response");
            response.put("status_code", result.response().statusCode());
            response.put("request_id", result.response().requestId());
            response.set("body", result.response().body());
            line.putNull("error");
            return JsonLine.of(line);
        }
    }

    /**
     * A line of the error file.
     *
     * @param own whether it is the request that the import wrote that failed, and no repetition of it
     */
    record Failed(Instant at, String customId, boolean own, String id, String code, String message)
            implements BatchEnd {

        static Failed of(DeadLetter letter, DeadLetterHeaders why, BatchLines.Line line) {
            String id = letter.requestId().orElse(letter.id());
            return new Failed(
                    letter.writtenAt(),
                    line.customId(),
                    id.equals(line.place().toString()),
                    id,
                    why.code().code(),
                    why.code().meaning() + (why.detail().isEmpty() ? "" : ": " + why.detail()));
        }

        String line() {
            ObjectNode line = JsonLine.object();
            line.put("id", id);
            line.put("custom_id", customId);
            line.putNull("response");
            line.putObject("error").put("code", code).put("message", message);
            return JsonLine.of(line);
        }
    }
}
