package dev.penstock.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.RequestLines;
import dev.penstock.schemas.Request;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class CacheKeyTest {

    private static final String BODY =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"n\":1}";

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.penstock.Seeds#many")
    void shouldBeEqualForReorderedMembersAndEquivalentNumbers(long seed) {
        // Given
        Bodies bodies = new Bodies(seed);
        ObjectNode body = bodies.body();
        JsonNode respelled = bodies.respelled(body);

        // When
        CacheKey key = key(respelled.toString());

        // Then
        assertThat(key).isEqualTo(key(body.toString()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.penstock.Seeds#many")
    void shouldDifferForAnyOtherChange(long seed) {
        // Given
        Bodies bodies = new Bodies(seed);
        ObjectNode body = bodies.body();

        for (int i = 0; i < 20; i++) {
            ObjectNode changed = bodies.changed(body);

            // When
            CacheKey key = CacheKey.of("acme", with(changed), null);

            // Then
            assertThat(key).as("%s became %s", body, changed).isNotEqualTo(CacheKey.of("acme", with(body), null));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"user\":\"u\"",
                "\"safety_identifier\":\"s\"",
                "\"metadata\":{\"trace\":\"1\"}",
                "\"store\":true",
                "\"prompt_cache_key\":\"k\"",
                "\"prompt_cache_retention\":\"24h\"",
                "\"stream\":false",
                "\"stream\":null"
            })
    void shouldLeaveOutWhatNoAnswerDependsOn(String member) {
        assertThat(key(BODY.replace("\"n\":1", "\"n\":1," + member))).isEqualTo(key(BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"temperature\":1",
                "\"seed\":7",
                "\"service_tier\":\"flex\"",
                "\"response_format\":{\"type\":\"json_object\"}",
                "\"tools\":[]",
                "\"stop\":null",
                "\"User\":\"u\"",
                "\"field_of_tomorrow\":0"
            })
    void shouldCoverEveryOtherField(String member) {
        assertThat(key(BODY.replace("\"n\":1", "\"n\":1," + member))).isNotEqualTo(key(BODY));
    }

    @Test
    void shouldLeaveFieldsOutAtTheTopOnly() {
        // Given
        String inner = BODY.replace("\"role\"", "\"user\":\"u\",\"role\"");

        // When
        CacheKey key = key(inner);

        // Then
        assertThat(key).isNotEqualTo(key(BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"task\":\"simple\"",
                ",\"task\":\"complex\"",
                ",\"trim\":{\"max_input_tokens\":5}",
                ",\"trim\":{\"max_input_tokens\":6}",
                ",\"batch\":\"never\""
            })
    void shouldCoverWhatChoosesTheModelOrThePrompt(String extra) {
        assertThat(CacheKey.of("acme", RequestLines.request(BODY, extra), null)).isNotEqualTo(key(BODY));
    }

    @Test
    void shouldTellTwoTrimsApart() {
        assertThat(CacheKey.of("acme", RequestLines.request(BODY, ",\"trim\":{\"max_input_tokens\":5}"), null))
                .isNotEqualTo(
                        CacheKey.of("acme", RequestLines.request(BODY, ",\"trim\":{\"max_input_tokens\":6}"), null));
    }

    @ParameterizedTest
    @CsvSource({"auto,true", "m-1,false", "tier:simple,false"})
    void shouldCoverTheTiersThatATenantMayUseWhereTheyChooseTheModel(String model, boolean covered) {
        // Given
        Request request = RequestLines.request("{\"model\":\"" + model + "\",\"messages\":[]}");

        // When
        CacheKey all = CacheKey.of("acme", request, null);
        CacheKey some = CacheKey.of("acme", request, List.of("simple"));

        // Then
        assertThat(some.equals(all)).isEqualTo(!covered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"idempotency_key\":\"i\"",
                ",\"priority\":\"bulk\"",
                ",\"timeout_ms\":5000",
                ",\"attempt_timeout_ms\":500",
                ",\"cache\":\"refresh\"",
                ",\"batch\":\"allow\"",
                ",\"in_doubt\":\"fail\"",
                ",\"metadata\":{\"user\":\"u\"}"
            })
    void shouldNotDependOnHowTheRequestIsHandled(String extra) {
        assertThat(CacheKey.of("acme", RequestLines.request(BODY, extra), null)).isEqualTo(key(BODY));
    }

    @ParameterizedTest
    @CsvSource({"acme,acme/search", "acme,Acme", "a,ab"})
    void shouldBeOfOneTenant(String one, String other) {
        // Given
        Request request = RequestLines.request(BODY);

        // When
        CacheKey key = CacheKey.of(one, request, null);

        // Then
        assertThat(key.hash()).isNotEqualTo(CacheKey.of(other, request, null).hash());
    }

    @Test
    void shouldHoldOnlyAHash() {
        assertThat(key(BODY).hash()).matches("[0-9a-f]{64}");
    }

    private static CacheKey key(String body) {
        return CacheKey.of("acme", RequestLines.request(body), null);
    }

    /** Some changes are none that intake would let pass. */
    private static Request with(ObjectNode body) {
        Request request = RequestLines.request(BODY);
        request.body().removeAll();
        request.body().setAll(body);
        return request;
    }
}
