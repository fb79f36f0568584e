package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.BoundedJson;
import dev.penstock.schemas.CodecLimits;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ProviderBodyTest {

    private static final BoundedJson JSON = new BoundedJson(CodecLimits.DEFAULT);

    private static final TargetConfig TARGET =
            PenstockConfig.defaults().targets().getFirst();

    @Test
    void shouldChangeTheTwoFieldsAndLeaveTheRequestAsItCame() {
        // Given
        ObjectNode asked = JsonMapper.shared().createObjectNode().put("model", "auto");
        asked.putArray("messages").addObject().put("role", "user");
        ObjectNode before = asked.deepCopy();

        // When
        ObjectNode sent = ProviderBody.of(asked, Calls.ROUTE, TARGET);

        // Then
        assertThat(sent.path("model").asString()).isEqualTo("m-1");
        assertThat(sent.has("max_completion_tokens")).isTrue();
        assertThat(asked).isEqualTo(before);
    }

    @Test
    void shouldNotCopyWhatItDoesNotChange() {
        // Given
        ObjectNode asked = JsonMapper.shared().createObjectNode().put("model", "auto");
        asked.putArray("messages").addObject().put("role", "user");

        // When
        ObjectNode sent = ProviderBody.of(asked, Calls.ROUTE, TARGET);

        // Then
        assertThat(sent.get("messages")).isSameAs(asked.get("messages"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'max_tokens':100}|100",
                "{'max_completion_tokens':200,'max_tokens':100}|200",
                "{'max_completion_tokens':null,'max_tokens':100}|100",
                "{'max_tokens':1e2}|100",
                "{'max_tokens':0}|0",
                "{'max_tokens':-5}|0",
                "{'max_tokens':1.5}|1",
                "{'max_tokens':1000000000000}|1000000000000",
                "{'max_tokens':1000000000001}|1000000000000",
                "{'max_tokens':9223372036854775807}|1000000000000",
                "{'max_tokens':-9223372036854775808}|0",
                "{'max_tokens':99999999999999999999}|1000000000000",
                "{'max_tokens':1e999999999}|1000000000000",
                "{'max_tokens':-1e999999999}|0",
                "{'max_tokens':1e-999999999}|0",
                "{'max_tokens':'many'}|0",
                "{'max_tokens':[]}|0",
                "{}|0"
            })
    void shouldReadAnyOutputCap(String json, long expected) {
        // When
        ObjectNode body = body(json);

        // Then
        assertThat(ProviderBody.outputCap(body)).isEqualTo(expected);
        assertThat(ProviderBody.tokens(body, 400)).isEqualTo(100 + expected);
    }

    /** As intake reads it. */
    private static ObjectNode body(String json) {
        return switch (JSON.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))) {
            case BoundedJson.Read.Tree tree -> (ObjectNode) tree.node();
            case BoundedJson.Read.Refused refused -> throw new IllegalArgumentException(refused.detail());
        };
    }
}
