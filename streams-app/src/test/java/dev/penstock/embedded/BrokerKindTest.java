package dev.penstock.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BrokerKindTest {

    @Test
    void shouldTakeNoOtherWordForTheDefault() {
        // When / Then
        assertThat(BrokerKind.of("container")).isEqualTo(BrokerKind.CONTAINER);
        assertThatThrownBy(() -> BrokerKind.of("docker"))
                .hasMessage("penstock.test.broker: docker (expected: jvm or container)");
    }
}
