package dev.penstock.schemas;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.RequestCodec.Parsed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class RequestCodecTest {

    @Test
    void shouldReadEveryField() {
        // Given
        byte[] line = Examples.good("request").stream()
                .filter(example -> example.toString().equals("every-field.json"))
                .findFirst()
                .orElseThrow()
                .bytes();

        // When
        Request request = Lines.accepted(line);

        // Then
        ObjectNode metadata = (ObjectNode) SchemaFiles.MAPPER.readTree("{\"department\":\"billing\",\"page\":3}");
        assertThat(request)
                .isEqualTo(new Request(
                        "invoice-4711",
                        "acme/search",
                        "invoice-4711-v2",
                        "/v1/chat/completions",
                        request.body(),
                        Task.MEDIUM,
                        Priority.INTERACTIVE,
                        Instant.parse("2026-12-01T08:30:00.250Z"),
                        null,
                        Duration.ofSeconds(20),
                        new CacheDirective.Ttl(Duration.ofHours(1)),
                        BatchDirective.NEVER,
                        new Trim(8_000),
                        InDoubtPolicy.FAIL,
                        metadata));
        assertThat(request.body().path("model").stringValue()).isEqualTo("tier:cheap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MODEL", "Max_Completion_Tokens", "N", "Stream", "\u017ftream", "SERVICE_TIER"})
    void shouldRefuseAnotherSpellingOfWhatItChecks(String name) {
        // When
        Parsed.Refused refused = Lines.refused(Lines.CODEC, Lines.withBodyMember("\"" + name + "\":1"));

        // Then
        assertThat(refused.code()).isEqualTo(DeadLetterCode.INTAKE_INVALID_FIELD);
        assertThat(refused.detail()).endsWith(": another spelling (expected: small letters)");
    }

    @Test
    void shouldTakeFieldsThatItDoesNotKnowInAnySpelling() {
        assertThat(Lines.accepted(Lines.withBodyMember("\"extraBody\":1,\"MODELS\":2"))
                        .body()
                        .has("extraBody"))
                .isTrue();
    }

    @Test
    void shouldFillInWhatAShortLineLeavesOut() {
        // Given
        byte[] line = Lines.withBodyMember("\"n\":1");

        // When
        Request request = Lines.accepted(line);

        // Then
        assertThat(request)
                .isEqualTo(new Request(
                        "a",
                        null,
                        null,
                        Request.CHAT_COMPLETIONS,
                        request.body(),
                        null,
                        Priority.NORMAL,
                        null,
                        null,
                        null,
                        new CacheDirective.Default(),
                        null,
                        null,
                        null,
                        null));
    }

    @Test
    void shouldKeepNumbersExactly() {
        // Given
        byte[] line = Lines.withBodyMember(
                "\"a\":1e400,\"b\":1.10,\"c\":1000000000000000000000000000001,\"d\":1e999999999,\"e\":-0.5,\"f\":0.1");

        // When
        ObjectNode body = Lines.accepted(line).body();

        // Then
        assertThat(body.path("a").decimalValue()).isEqualTo(new BigDecimal("1e400"));
        assertThat(body.path("b").decimalValue()).isEqualTo(new BigDecimal("1.10"));
        assertThat(body.path("c").bigIntegerValue())
                .isEqualTo(BigInteger.TEN.pow(30).add(BigInteger.ONE));
        assertThat(body.path("d").decimalValue()).isEqualTo(new BigDecimal("1e999999999"));
        assertThat(body.path("e").decimalValue()).isEqualTo(new BigDecimal("-0.5"));
        assertThat(body.path("f").decimalValue()).isEqualTo(new BigDecimal("0.1"));
        assertThat(SchemaFiles.MAPPER.writeValueAsString(body)).contains("1E+400", "1.10", "1E+999999999");
    }

    @Test
    void shouldTakeWholeNumbersInAnyForm() {
        // Given
        List<String> forms = List.of("60000", "6e4", "60000.0", "600000e-1", "6.0000E+4");

        // When
        var timeouts = forms.stream()
                .map(form -> Lines.accepted(Lines.withField("\"timeout_ms\":" + form))
                        .timeout());

        // Then
        assertThat(timeouts).allMatch(Duration.ofMinutes(1)::equals);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-01T09:30:00Z, 2026-12-01T09:30:00Z",
        "2026-12-01t09:30:00z, 2026-12-01T09:30:00Z",
        "2026-12-01T09:30:00.123456789-05:30, 2026-12-01T15:00:00.123456789Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z"
    })
    void shouldReadDeadlines(String text, Instant expected) {
        // Given
        byte[] line = Lines.withField("\"deadline\":\"" + text + "\"");

        // When
        Instant deadline = Lines.accepted(line).deadline();

        // Then
        assertThat(deadline).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-30T00:00:00Z",
        "2026-12-01 09:30:00Z",
        "2026-12-01T09:30Z",
        "+12026-12-01T09:30:00Z",
        "2026-12-01T25:00:00Z",
        "2026-12-01T09:30:00+99:00",
        "2026-12-01T09:30:00.1234567891Z",
        "2026-12-01T09:30:00[Europe/Berlin]",
        "9999-12-31T23:59:59-18:00",
        "0000-01-01T00:00:00+18:00"
    })
    void shouldRefuseWhatIsNoTime(String text) {
        // Given
        byte[] line = Lines.withField("\"deadline\":\"" + text + "\"");

        // When
        Parsed.Refused refused = Lines.refused(Lines.CODEC, line);

        // Then
        assertThat(refused.code()).isEqualTo(DeadLetterCode.INTAKE_INVALID_FIELD);
        assertThat(refused.detail()).startsWith("deadline: ");
    }

    @Test
    void shouldNameFieldAndRuleButNotTheText() {
        // Given
        byte[] line = Lines.withField("\"task\":\"canary-prompt-text\"");

        // When
        Parsed.Refused refused = Lines.refused(Lines.CODEC, line);

        // Then
        assertThat(refused.detail()).isEqualTo("task: a string of 18 characters (expected: simple|medium|complex)");
    }

    @Test
    void shouldNotTakeOtherEncodings() {
        // Given
        String line = new String(Lines.withBodyMember("\"n\":1"), UTF_8);

        // When
        Parsed.Refused withMark = Lines.refused(Lines.CODEC, line.getBytes(UTF_16));
        Parsed.Refused without = Lines.refused(Lines.CODEC, line.getBytes(UTF_16LE));

        // Then
        assertThat(withMark.code()).isEqualTo(DeadLetterCode.INTAKE_INVALID_UTF8);
        assertThat(without.code()).isEqualTo(DeadLetterCode.INTAKE_MALFORMED_JSON);
    }

    @Test
    void shouldHoldRequestsApartByContentButPrintNone() {
        // Given
        Request request = Lines.accepted(Lines.withBodyMember("\"secret\":\"canary\""));

        // When
        String printed = new Parsed.Accepted(request).toString();

        // Then
        assertThat(printed).doesNotContain("canary");
    }

    @Test
    void shouldCountCharactersNotUnits() {
        // Given
        JsonNode id = SchemaFiles.MAPPER.getNodeFactory().stringNode("😀".repeat(512));

        // When
        Request request = Lines.accepted(("{\"custom_id\":" + id + ",\"body\":{\"model\":\"m\"}}").getBytes(UTF_8));

        // Then
        assertThat(request.customId()).isEqualTo(id.stringValue());
    }
}
