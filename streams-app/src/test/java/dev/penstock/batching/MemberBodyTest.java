package dev.penstock.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.RequestLines;
import dev.penstock.schemas.TokenUsage;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class MemberBodyTest {

    @Test
    void shouldBeTheChatCompletionThatTheMemberWouldHaveGotAlone() {
        // Given
        ObjectNode shared = RequestLines.body(
                "{\"model\":\"m-2026\",\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\","
                        + "\"created\":5,\"choices\":[{\"message\":{\"content\":\"the texts of all\"}}],\"usage\":{\"prompt_tokens\":99}}");
        TokenUsage usage = new TokenUsage(10, 4, 3, 2);

        // When
        ObjectNode body = MemberBody.of(shared, "mine", usage);

        // Then
        assertThat(body.toString())
                .doesNotContain("the texts of all")
                .contains(
                        "\"id\":\"chatcmpl-1\"",
                        "\"model\":\"m-2026\"",
                        "\"content\":\"mine\"",
                        "\"finish_reason\":\"stop\"");
        assertThat(body.path("choices")).hasSize(1);
        assertThat(TokenUsage.fromOpenAi(body.path("usage"))).contains(usage);
        assertThat(body.path("usage").path("total_tokens").intValue()).isEqualTo(14);
    }
}
