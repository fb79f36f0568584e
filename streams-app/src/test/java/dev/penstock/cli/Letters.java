package dev.penstock.cli;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.DeadLetterHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** Dead letters as the pipeline writes them. */
final class Letters {

    private static final String SHA_256 = "0".repeat(64);

    private Letters() {}

    static Map<String, String> headers(DeadLetterCode code) {
        return headers(code, 0, false);
    }

    static Map<String, String> redriven(DeadLetterCode code, int redriveCount) {
        return headers(code, redriveCount, false);
    }

    static Map<String, String> cut(DeadLetterCode code) {
        return headers(code, 0, true);
    }

    private static Map<String, String> headers(DeadLetterCode code, int redriveCount, boolean cut) {
        return new DeadLetterHeaders(
                        code,
                        code.retryable(),
                        2,
                        "no answer in time",
                        "llm.requests",
                        1,
                        17,
                        1_000,
                        Instant.parse("2026-01-01T00:00:00Z"),
                        redriveCount,
                        "test",
                        null,
                        cut ? SHA_256 : null,
                        cut ? 100_000L : null)
                .toHeaders();
    }

    /** A request line. */
    static byte[] request(String customId, String more) {
        return ("{\"custom_id\":\"" + customId
                        + "\",\"body\":{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
                        + more
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
