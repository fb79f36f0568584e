package dev.penstock.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantSignaturesTest {

    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String NEW_KEY = "fedcba9876543210fedcba9876543210";
    private static final byte[] VALUE = "{\"custom_id\":\"a\"}".getBytes(UTF_8);

    private final TenantSignatures signatures = new TenantSignatures(List.of("acme/", "globex"), KEY);

    @Test
    void shouldBeWhatAnyToolMakes() {
        // printf 'acme/search\0{"custom_id":"a"}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
        assertThat(signatures.sign("acme/search", "", VALUE))
                .isEqualTo("4e627a411a7cb6ddd5f79f30d64c90d1fed21d416eb50afce045c69c47782fb8");
    }

    @Test
    void shouldCoverTenantsByTheBeginningsOfTheirNames() {
        assertThat(signatures.cover("acme/search")).isTrue();
        assertThat(signatures.cover("globex")).isTrue();
        assertThat(signatures.cover("globex2")).isTrue();
        assertThat(signatures.cover("acme")).isFalse();
        assertThat(signatures.cover("x/acme/")).isFalse();
        assertThat(new TenantSignatures(List.of("*"), KEY).cover("anybody")).isTrue();
        assertThat(TenantSignatures.NONE.cover("acme/search")).isFalse();
    }

    @Test
    void shouldAdmitOnlyWhatWasSignedForThatTenantAndValue() {
        // Given
        String right = signatures.sign("acme/search", "", VALUE);

        // When / Then
        assertThat(signatures.admit("acme/search", "", VALUE, right)).isTrue();
        assertThat(signatures.admit("acme/other", "", VALUE, right)).isFalse();
        assertThat(signatures.admit("acme/search", "", "{}".getBytes(UTF_8), right))
                .isFalse();
        assertThat(signatures.admit("acme/search", "", null, right)).isFalse();
        assertThat(signatures.admit("acme/search", "", VALUE, null)).isFalse();
        assertThat(signatures.admit("acme/search", "", VALUE, "")).isFalse();
        assertThat(signatures.admit("acme/search", "", VALUE, right.substring(1)))
                .isFalse();
        assertThat(signatures.admit("acme/search", "", VALUE, right.toUpperCase(Locale.ROOT)))
                .isFalse();
        assertThat(signatures.admit("other", "", VALUE, null)).isTrue();
        assertThat(signatures.admit("acme/search", "1 0 true", VALUE, right)).isFalse();
        assertThat(signatures.admit("acme/search", "", VALUE, signatures.sign("acme/search", "1 0 true", VALUE)))
                .isFalse();
    }

    @Test
    void shouldSignWithTheFirstKeyAndAcceptAll() {
        // Given
        TenantSignatures both = new TenantSignatures(List.of("*"), NEW_KEY + "\n" + KEY + "\n");

        // When / Then
        assertThat(both.admit("acme/search", "", VALUE, signatures.sign("acme/search", "", VALUE)))
                .isTrue();
        assertThat(signatures.admit("acme/search", "", VALUE, both.sign("acme/search", "", VALUE)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "0123456789abcdef0123456789abcde", KEY + "\nshort"})
    void shouldAcceptNothingWithoutKeys(String keys) {
        // Given
        TenantSignatures none = new TenantSignatures(List.of("acme/"), keys);

        // When / Then
        assertThat(TenantSignatures.areKeys(keys)).isFalse();
        assertThat(none.canSign()).isFalse();
        assertThat(none.admit("acme/search", "", VALUE, signatures.sign("acme/search", "", VALUE)))
                .isFalse();
        assertThatThrownBy(() -> none.sign("acme/search", "", VALUE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldNotShowItsKeys() {
        assertThat(signatures.toString()).doesNotContain(KEY).contains("acme/");
    }
}
