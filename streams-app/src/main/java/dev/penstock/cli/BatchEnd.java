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
    record Answered(Instant at, Result result) implements BatchEnd {

        @Override
        public String customId() {
            return result.customId();
        }

        String line() {
            ObjectNode line = JsonLine.object();
            line.put("id", result.id());
            line.put("custom_id", result.customId());
            ObjectNode response = line.putObject("response");
            response.put("status_code", result.response().statusCode());
            response.put("request_id", result.response().requestId());
            response.set("body", result.response().body());
            line.putNull("error");
            return JsonLine.of(line);
        }
    }

    /** A line of the error file. */
    record Failed(Instant at, String customId, String id, String code, String message) implements BatchEnd {

        static Failed of(DeadLetter letter, DeadLetterHeaders why) {
            String id = letter.requestId().orElse(letter.id());
            byte[] value = letter.value();
            String customId =
                    value == null ? id : LineField.text(value, "custom_id").orElse(id);
            return new Failed(
                    letter.writtenAt(),
                    customId,
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
