package dev.penstock.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The reader is held against the examples of the published schemas, so that it reads what is promised. */
class ContentReaderTest {

    private static final String REQUEST_ID = "llm.requests-3-4711";

    @Test
    void shouldReadAResult() {
        Content content = ContentReader.read(Role.RESULTS, value("result/good/provider.json"));

        assertThat(content).isInstanceOfSatisfying(Content.Result.class, result -> {
            assertThat(result.requestId()).isEqualTo(REQUEST_ID);
            assertThat(result.tenant()).isEqualTo("acme/search");
            assertThat(result.text()).isEqualTo("19 %");
            assertThat(result.callId()).isEqualTo("req_abc123");
            assertThat(result.admittedAt()).isNotNull();
        });
    }

    @Test
    void shouldReadADeadLetter() {
        Map<String, String> headers = new LinkedHashMap<>();
        JsonMapper.shared()
                .readTree(example("dead-letter-headers/good/intake.json"))
                .propertyStream()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString()));

        Content content = ContentReader.read(Role.DEAD_LETTERS, new Message("a", "", headers));

        assertThat(content).isEqualTo(new Content.DeadLetter(REQUEST_ID, "intake.missing_field", false));
    }

    @Test
    void shouldReadAUsageEvent() {
        Content content = ContentReader.read(Role.USAGE, value("usage/good/billed.json"));

        assertThat(content).isInstanceOfSatisfying(Content.Usage.class, usage -> {
            assertThat(usage.eventId()).isEqualTo(REQUEST_ID + "/1");
            assertThat(usage.requestId()).isEqualTo(REQUEST_ID);
            assertThat(usage.attempt()).isEqualTo(1);
            assertThat(usage.tenant()).isEqualTo("acme/search");
            assertThat(usage.status()).isEqualTo("billed");
            assertThat(usage.costUsd()).isPositive();
        });
    }

    @Test
    void shouldReadABudgetStatus() {
        Content content = ContentReader.read(
                Role.BUDGETS,
                new Message(
                        "a|month",
                        "{\"tenant\":\"a\",\"window\":\"month\",\"usd\":{\"used\":1.10,\"reserved\":0.2}}",
                        Map.of()));

        assertThat(content)
                .isEqualTo(new Content.Budget("a", "month", null, new BigDecimal("1.10"), new BigDecimal("0.2")));
    }

    @Test
    void shouldReadAnOutcome() {
        Content content = ContentReader.read(Role.OUTCOMES, value("outcome/good/answered.json"));

        assertThat(content).isEqualTo(new Content.Outcome(REQUEST_ID, 1, "answered", true, "req_abc123"));
    }

    @Test
    void shouldTakeTheKeyForTheTenantOfALineThatNamesNone() {
        String line = "{\"custom_id\":\"q\",\"body\":{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}}";

        Content content = ContentReader.read(Role.REQUESTS, new Message("acme", line, Map.of()));

        assertThat(content).isInstanceOfSatisfying(Content.Asked.class, asked -> {
            assertThat(asked.tenant()).isEqualTo("acme");
            assertThat(asked.prompt()).isEqualTo("hello");
        });
    }

    @Test
    void shouldSayThatHostileBytesAreUnreadable() {
        assertThat(ContentReader.read(Role.REQUESTS, new Message(null, "{\"custom_id\":", Map.of())))
                .isInstanceOf(Content.Unreadable.class);
    }

    private static Message value(String name) {
        return new Message("a", example(name), Map.of());
    }

    private static String example(String name) {
        try (InputStream in = ContentReaderTest.class.getResourceAsStream("/dev/penstock/schemas/examples/" + name)) {
            if (in == null) {
                throw new AssertionError(name + ": absent (expected: an example of the schemas)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
