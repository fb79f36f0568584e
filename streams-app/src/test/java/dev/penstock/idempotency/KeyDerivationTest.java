package dev.penstock.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.work.IdempotencyKey;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDerivationTest {

    private static final String BODY = "{\"model\":\"m\",\"n\":1,\"messages\":[]}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"n\":1,\"messages\":[],\"model\":\"m\"}",
                "{ \"model\" : \"m\" , \"n\" : 1.0 , \"messages\" : [ ] }",
                "{\"model\":\"\\u006d\",\"n\":1e0,\"messages\":[]}"
            })
    void shouldTakeAnotherSpellingForTheSameRequest(String body) {
        assertThat(derived("acme", "c", body)).isEqualTo(derived("acme", "c", BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"n\":2,\"messages\":[]}",
                "{\"model\":\"m\",\"n\":\"1\",\"messages\":[]}",
                "{\"model\":\"m\",\"n\":1,\"messages\":[],\"x\":null}",
                "{\"model\":\"M\",\"n\":1,\"messages\":[]}"
            })
    void shouldTakeAnotherBodyForAnotherRequest(String body) {
        assertThat(derived("acme", "c", body).hash())
                .isNotEqualTo(derived("acme", "c", BODY).hash());
    }

    @Test
    void shouldTellTenantsAndNamesApartWhereverOneEndsAndTheOtherBegins() {
        assertThat(derived("ab", "c", BODY).hash())
                .isNotEqualTo(derived("a", "bc", BODY).hash());
        assertThat(given("ab", "c", "").hash())
                .isNotEqualTo(given("a", "bc", "").hash());
    }

    @Test
    void shouldNotLetAGivenKeyMeetADerivedOne() {
        // Given
        IdempotencyKey derived = derived("acme", "c", BODY);

        // When
        IdempotencyKey given = given("acme", derived.hash(), "");

        // Then
        assertThat(given.hash()).isNotEqualTo(derived.hash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {",\"task\":\"simple\"", ",\"trim\":{\"max_input_tokens\":10}"})
    void shouldSeeInTheFingerprintWhatChangesTheAnswer(String more) {
        // Given
        IdempotencyKey plain = given("acme", "k", "");

        // When
        IdempotencyKey other = given("acme", "k", more);

        // Then
        assertThat(other.hash()).isEqualTo(plain.hash());
        assertThat(other.fingerprint()).isNotEqualTo(plain.fingerprint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {",\"priority\":\"bulk\"", ",\"timeout_ms\":5", ",\"metadata\":{\"a\":1}", ",\"cache\":\"bypass\""
            })
    void shouldNotSeeInTheFingerprintWhatDoesNotChangeTheAnswer(String more) {
        assertThat(given("acme", "k", more)).isEqualTo(given("acme", "k", ""));
    }

    @Test
    void shouldNotConfuseATaskWithATrim() {
        assertThat(given("acme", "k", ",\"task\":\"simple\"").fingerprint())
                .isNotEqualTo(
                        given("acme", "k", ",\"trim\":{\"max_input_tokens\":1}").fingerprint());
    }

    @Test
    void shouldBeBoundedAndShowNothingOfTheKey() {
        assertThat(given("acme", "k".repeat(512), "").hash()).matches("[0-9a-f]{64}");
    }

    private static IdempotencyKey derived(String tenant, String customId, String body) {
        return KeyDerivation.keyOf(tenant, request("{\"custom_id\":\"" + customId + "\",\"body\":" + body + "}"));
    }

    private static IdempotencyKey given(String tenant, String key, String more) {
        String request = "{\"custom_id\":\"any\",\"idempotency_key\":\"" + key + "\",\"body\":" + BODY + more + "}";
        return KeyDerivation.keyOf(tenant, request(request));
    }

    private static Request request(String json) {
        RequestCodec.Parsed parsed = new RequestCodec(CodecLimits.DEFAULT).parse(json.getBytes(StandardCharsets.UTF_8));
        assertThat(parsed).isInstanceOf(RequestCodec.Parsed.Accepted.class);
        return ((RequestCodec.Parsed.Accepted) parsed).request();
    }
}
