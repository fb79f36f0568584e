package dev.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"1ms", "250ms", "30s", "10m", "24h", "7d"})
    void shouldWriteDurationsAsTheyWereRead(String text) {
        // When
        Duration duration = DurationText.read(text).orElseThrow();

        // Then
        assertThat(DurationText.read(DurationText.write(duration))).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "1 s", "PT1S", "1S", "99999999999s"})
    void shouldRefuseOtherDurations(String text) {
        assertThat(DurationText.read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KiB", "-1", "1.5MiB", "1KB", "1k", "1 KiB"})
    void shouldRefuseOtherSizes(String text) {
        assertThat(ByteSizeText.read(text)).isEmpty();
    }

    @Test
    void shouldReadSizesInBytes() {
        assertThat(ByteSizeText.read("4096")).contains(4096L);
        assertThat(ByteSizeText.read("512KiB")).contains(524_288L);
        assertThat(ByteSizeText.read("3GiB")).contains(3L << 30);
        assertThat(ByteSizeText.write(524_288)).isEqualTo("512KiB");
        assertThat(ByteSizeText.write(1_000)).isEqualTo("1000");
    }

    @Test
    void shouldGiveEverySettingAnEnvironmentNameOfItsOwnAndAReadableDefault() {
        // When / Then
        assertThat(PenstockConfig.SETTINGS).extracting(Setting::environmentName).doesNotHaveDuplicates();
        assertThat(PenstockConfig.SETTINGS).allSatisfy(setting -> {
            assertThat(setting.meaning()).endsWith(".");
            if (!setting.defaultText().isEmpty()) {
                assertThat(setting.type().read(setting.defaultText())).isPresent();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.key.password",
                "ssl.keystore.key",
                "ssl.truststore.password",
                "sasl.jaas.config",
                "producer.sasl.jaas.config",
                "sasl.oauthbearer.client.credentials.client.secret",
                "sasl.oauthbearer.assertion.private.key.passphrase"
            })
    void shouldTakeThisKafkaPropertyForASecret(String name) {
        assertThat(KafkaNames.isSecret(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.keystore.location",
                "ssl.keystore.certificate.chain",
                "ssl.truststore.certificates",
                "sasl.oauthbearer.token.endpoint.url",
                "sasl.oauthbearer.assertion.private.key.file",
                "sasl.mechanism"
            })
    void shouldNotTakeThisKafkaPropertyForASecret(String name) {
        assertThat(KafkaNames.isSecret(name)).isFalse();
    }
}
