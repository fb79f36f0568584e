package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.ConfigException;
import dev.penstock.config.ConfigLoader;
import dev.penstock.tracing.Tracing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused is not repeated where it may be a secret. */
class RefusedSecretsTest {

    private static final String CANARY = "CANARY";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "provider.base_url=https://u:PWCANARY1@h/",
                "provider.base_url=https://u:PW/CANARY?1@h/",
                "provider.base_url=u:PWCANARY1@h",
                "provider.base_url=https://u:PWCANARY1",
                "provider.base_url=https://u:PWCANARY1%40h/",
                "provider.base_url=https://u:PW/CANARY1%40h/",
                "provider.base_url=https://h:80:CANARY1/",
                "provider.base_url=https://h/v1beta?key=KEYCANARY1",
                "provider.base_url=h/v1beta?key=KEYCANARY1",
                "provider.base_url=https://h/v1#KEYCANARY1",
                "provider.base_url=https://h /v1?key=KEYCANARY1",
                "targets.a.base_url=https://u:PWCANARY1@h/",
                "kafka.bootstrap.servers=u:PWCANARY1@h:9092",
                "kafka.sasl.jaas.config=x required password=\"CANARY1\";",
                "kafka.schema.registry.url=https://u:CANARY1@h",
                "provider.api_key=sk-CANARY1",
                "provider.api_key={env: sk-CANARY1}",
                "provider.api_key={env: sk_live_CANARY1}",
                "provider.api_key={file: sk-CANARY1}",
                "console.token={env: sk-CANARY1}",
                "intake.signature_key=CANARY1",
                "kafka.ssl.keystore.password={env: sk-CANARY1}",
                "dispatch.permits={env: sk-CANARY1}",
                "instance.id=u:CANARY1@h",
                "provider.api_key sk-CANARY1",
                "sk-CANARY1",
                "=sk-CANARY1",
                "sk-CANARY1=",
                "c2stCANARY1==",
                "provider.api_key:sk-CANARY1=x",
                "provider.sk-CANARY1=x",
                "targets.sk CANARY1.model=x"
            })
    void shouldNotRepeatWhatASettingWasGiven(String set) {
        // When
        CapturedRun checked = CapturedRun.of("config", "check", "--set", set);

        // Then
        assertThat(checked.exitCode()).isEqualTo(2);
        assertThat(checked.err()).isNotEmpty();
        assertThat(checked.err() + checked.out()).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PENSTOCK_PROVIDER_BASE_URL|https://generativelanguage.example/v1beta?key=KEYCANARY",
                "PENSTOCK_PROVIDER_BASE_URL|https://u:PWCANARY@h/",
                "PENSTOCK_KAFKA_BOOTSTRAP_SERVERS|u:PWCANARY@h:9092",
                "PENSTOCK_PROVIDER_API_KEYS|sk-CANARY"
            })
    void shouldNotRepeatWhatTheEnvironmentSays(String name, String value) {
        assertThat(problems(null, Map.of(name, value)))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).doesNotContain(CANARY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "provider: {api_key: sk-CANARY1",
                "provider:\n  api_key: sk-CANARY1: x\n",
                "provider:\n  api_key: @sk-CANARY1\n",
                "provider:\n  api_key: *sk-CANARY1\n",
                "provider:\n  api_key: &sk-CANARY1\n &sk-CANARY1 a",
                "provider:\n  api_key: !sk-CANARY1 x\n",
                "provider:\n  api_key: !x!sk-CANARY1 x\n",
                "provider:\n  api_key: \"sk-CANARY1\\q\"\n",
                "provider:\n  api_key: 'sk-CANARY1\n",
                "provider:\n  api_key: |9x sk-CANARY1\n",
                "%sk-CANARY1\nprovider: x\n",
                "%TAG !sk-CANARY1\nprovider: x\n",
                "provider:\n  sk-CANARY1\n  x: y\n",
                "provider:\n\tsk-CANARY1: y\n",
                "sk-CANARY1: y\n",
                "sk-CANARY1: 1\nsk-CANARY1: 2\n",
                "provider: {api_key: [sk-CANARY1, {x: y}]}\n",
                "provider: {api_key: sk-CANARY1}\n",
                "provider: {base_url: 'https://u:CANARY1@h'}\n",
                "sk-CANARY1\n",
                "provider: {api_key: {env: sk-CANARY1}}\n",
                "provider: {api_key: {file: sk-CANARY1}}\n",
                "provider: {api_key: {value: sk-CANARY1}}\n"
            })
    void shouldNotRepeatLinesOfTheFile(String yaml) throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("penstock.yaml"), yaml);

        // When
        List<String> problems = problems(file, Map.of());

        // Then
        assertThat(problems)
                .isNotEmpty()
                .allSatisfy(problem ->
                        assertThat(problem).startsWith("penstock.yaml:").doesNotContain(CANARY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run sk-CANARY1",
                "run --api-key=sk-CANARY1",
                "run --api-key sk-CANARY1",
                "run --sk-CANARY1",
                "results -o sk-CANARY1",
                "fake-provider --port sk-CANARY1",
                "dead-letters sk-CANARY1",
                "sk-CANARY1",
                "--api-key=sk-CANARY1",
                "alerts --webhook ftp://u:CANARY1@h/?t=CANARY1",
                "dev --provider-url https://u:CANARY1@h/",
                "topics list sk-CANARY1",
                "results --bootstrap-servers u:CANARY1@h:9092"
            })
    void shouldNotRepeatWordsThatItDoesNotKnow(String words) {
        // When
        CapturedRun run = CapturedRun.of(words.split(" "));

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isNotEmpty();
        assertThat(run.err() + run.out()).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "security.protocol|CANARY1",
                "sasl.mechanism|CANARY1",
                "request.timeout.ms|CANARY1",
                "sasl.jaas.config|CANARY1",
                "sasl.jaas.config|org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" CANARY1;",
                "sasl.jaas.config|org.apache.kafka.common.security.plain.PlainLoginModule CANARY1 password=\"x\";",
                "sasl.jaas.config|org.apache.kafka.common.security.plain.PlainLoginModule required password=\"CANARY1\"",
                "sasl.jaas.config|CANARY1 required password=\"CANARY1\";",
                "sasl.login.class|CANARY1",
                "ssl.truststore.certificates|CANARY1"
            })
    void shouldNotRepeatWhatAReferenceHolds(String name, String secret) throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("secret"), secret);
        List<String> args =
                new ArrayList<>(List.of("results", "--bootstrap-servers", "127.0.0.1:1", "--kafka-timeout", "100ms"));
        Map<String, String> sets = new LinkedHashMap<>(Map.of(
                "kafka.security.protocol",
                name.startsWith("ssl") ? "SSL" : "SASL_PLAINTEXT",
                "kafka.sasl.mechanism",
                "PLAIN"));
        if (name.startsWith("ssl")) {
            sets.put("kafka.ssl.truststore.type", "PEM");
        }
        sets.put("kafka." + name, "{file: " + file + "}");
        sets.forEach((key, value) -> args.addAll(List.of("--set", key + "=" + value)));

        // When
        CapturedRun run = CapturedRun.of(args.toArray(String[]::new));

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).hasLineCount(1);
        assertThat(run.err() + run.out()).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OTEL_EXPORTER_OTLP_HEADERS|api-key CANARY1",
                "OTEL_EXPORTER_OTLP_HEADERS|api-key=CANARY1\u00e9\u0001",
                "OTEL_EXPORTER_OTLP_ENDPOINT|ht!tp://u:CANARY1@h/?k=CANARY1",
                "OTEL_EXPORTER_OTLP_ENDPOINT|ftp://u:CANARY1@h/?k=CANARY1",
                "OTEL_EXPORTER_OTLP_TIMEOUT|CANARY1",
                "OTEL_RESOURCE_ATTRIBUTES|CANARY1"
            })
    void shouldNotRepeatHowSpansAreExported(String name, String value) {
        // Given
        Map<String, String> environment = Map.of("OTEL_TRACES_EXPORTER", "otlp", name, value);

        // When
        String said;
        try {
            Tracing.of(environment, "test", "i").close();
            said = "";
        } catch (ConfigException refused) {
            said = String.join("\n", refused.problems());
        }

        // Then
        assertThat(said).doesNotContain(CANARY);
    }

    @Test
    void shouldNotRepeatAKeyThatIsTooShort() throws Exception {
        // Given
        Path key = Files.writeString(directory.resolve("key"), CANARY);

        // When
        CapturedRun run = CapturedRun.of(
                "config",
                "check",
                "--set",
                "intake.signed_tenants=acme/",
                "--set",
                "intake.signature_key={file: " + key + "}");

        // Then
        assertThat(run)
                .isEqualTo(
                        new CapturedRun(
                                2,
                                "",
                                "intake.signature_key: another secret (expected: one key a line, each of 32 characters or more)\n"));
    }

    @Test
    void shouldStillSayWhatIsWrong() {
        // When
        CapturedRun run = CapturedRun.of(
                "config",
                "check",
                "--set",
                "dispatch.permits=none",
                "--set",
                "provider.base_url=https://u:CANARY@h/v1?key=CANARY",
                "--set",
                "provider.base_urls=x",
                "--set",
                "typo");

        // Then
        assertThat(run.err())
                .contains("--set: dispatch.permits: none (expected: ")
                .contains("--set: provider.base_url: https://...@h/v1?... (expected: http:// or https://")
                .contains("--set: provider.base_urls: unknown key (did you mean provider.base_url?)")
                .contains("--set: no key and '=' in number 4 (expected: key=value)");
    }

    private static List<String> problems(@Nullable Path file, Map<String, String> environment) {
        try {
            ConfigLoader.load(file, environment, List.of());
            return List.of();
        } catch (ConfigException wrong) {
            return wrong.problems();
        }
    }
}
