package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.schemas.RequestCodec.Parsed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExamplesTest {

    private static final Path REQUESTS = Path.of("../examples/requests.jsonl");

    @Test
    void shouldExpectOfEveryLineWhatTheCodecSaysOfIt() throws Exception {
        // Given
        List<String> lines = Files.readAllLines(REQUESTS);
        Expectations expectations = Expectations.beside(REQUESTS);
        RequestCodec codec = new RequestCodec(CodecLimits.DEFAULT);

        // Then
        assertThat(expectations.byLine()).hasSameSizeAs(lines);
        for (int i = 0; i < lines.size(); i++) {
            String expected = expectations.ofLine(i + 1L).orElseThrow();
            Parsed parsed = codec.parse(lines.get(i).getBytes(StandardCharsets.UTF_8));
            if (parsed instanceof Parsed.Refused refused) {
                assertThat(refused.code().code()).as("line %d", i + 1).isEqualTo(expected);
            } else {
                assertThat(expected).as("line %d", i + 1).doesNotStartWith("intake.");
            }
        }
    }

    @Test
    void shouldTeachEveryKindOfEnd() throws Exception {
        // When
        Expectations expectations = Expectations.beside(REQUESTS);

        // Then
        assertThat(expectations.byLine().values())
                .contains(
                        "provider",
                        "duplicate",
                        DeadLetterCode.IDEMPOTENCY_CONFLICT.code(),
                        DeadLetterCode.DISPATCH_DEADLINE.code(),
                        DeadLetterCode.INTAKE_MALFORMED_JSON.code());
    }
}
