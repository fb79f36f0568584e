package dev.penstock.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantTest {

    @ParameterizedTest
    @ValueSource(strings = {"default", "acme/search", "a", "A.b_c-9"})
    void shouldTakeANameOfAllowedCharacters(String name) {
        // Given / When
        Tenant tenant = new Tenant(name);

        // Then
        assertThat(tenant).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a|b", "ä", "a\n", "a:b", "a\u0000"})
    void shouldRefuseOtherNamesWithoutShowingThem(String name) {
        // Given
        String rule = "(expected: 1..128 characters of A-Z a-z 0-9 . _ / -)";

        // When / Then
        assertThat(Tenant.isValid(name)).isFalse();
        assertThatThrownBy(() -> new Tenant(name))
                .hasMessage("tenant: a name of " + name.length() + " characters " + rule);
    }

    @Test
    void shouldBoundTheLength() {
        // Given
        String longest = "t".repeat(Tenant.MAX_LENGTH);

        // When
        boolean valid = Tenant.isValid(longest);

        // Then
        assertThat(valid).isTrue();
        assertThat(Tenant.isValid(longest + "t")).isFalse();
    }
}
