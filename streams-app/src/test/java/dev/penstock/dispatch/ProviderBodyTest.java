package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TargetConfig;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ProviderBodyTest {

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
}
