package dev.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.schemas.InDoubtPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

    private static final Map<String, String> NO_ENVIRONMENT = Map.of();

    @TempDir
    Path directory;

    @Test
    void shouldHaveTheDocumentedDefaults() {
        // When
        PenstockConfig config = PenstockConfig.defaults();

        // Then
        assertThat(config.topics()).isEqualTo(new TopicsConfig("llm.", 24, (short) 3, 2, Duration.ofDays(7)));
        assertThat(config.intake().maxBytes()).isEqualTo(512 * 1024);
        assertThat(config.idempotency().retention()).isEqualTo(Duration.ofHours(24));
        assertThat(config.dispatch().permits()).isEqualTo(1000);
        assertThat(config.dispatch().waitingMaxBytes()).isEqualTo(64L * 1024 * 1024);
        assertThat(config.dispatch().inDoubtPolicy()).isEqualTo(InDoubtPolicy.RETRY);
        assertThat(config.provider().apiKey()).isNull();
        assertThat(config.kafka()).containsOnly(Map.entry("bootstrap.servers", "127.0.0.1:9092"));
    }

    @Test
    void shouldLetSetBeatEnvironmentBeatFile() throws Exception {
        // Given
        Path file = yaml("""
                dispatch:
                  permits: 1
                  start_within: 1s
                  waiting.max_items: 1
                """);
        Map<String, String> environment =
                Map.of("PENSTOCK_DISPATCH_PERMITS", "2", "PENSTOCK_DISPATCH_START_WITHIN", "2s");

        // When
        DispatchConfig dispatch = ConfigLoader.load(file, environment, List.of("dispatch.permits=3"))
                .dispatch();

        // Then
        assertThat(dispatch.permits()).isEqualTo(3);
        assertThat(dispatch.startWithin()).isEqualTo(Duration.ofSeconds(2));
        assertThat(dispatch.waitingMaxItems()).isEqualTo(1);
    }

    @Test
    void shouldNameFileAndLineOfAnUnknownKeyAndTheLikelyOne() {
        // Given
        String text = "# comment\ndispatch:\n  permitz: 5\n";

        // When / Then
        assertThat(problems(text))
                .containsExactly("penstock.yaml:3: dispatch.permitz: unknown key (did you mean dispatch.permits?)");
    }

    @Test
    void shouldReportEveryMistakeAtOnce() {
        // Given
        String text = """
                dispatch:
                  permits: many
                  in_doubt: {policy: maybe}
                intake.max_bytes: 3MiB
                nonsense: 1
                """;

        // When / Then
        assertThat(problems(text, "console.port=70000", "provider.timeout=10"))
                .containsExactlyInAnyOrder(
                        "penstock.yaml:2: dispatch.permits: many (expected: a whole number, 1..100000)",
                        "penstock.yaml:3: dispatch.in_doubt.policy: maybe (expected: retry or fail)",
                        "penstock.yaml:4: intake.max_bytes: 3MiB (expected: a size, 1KiB..1984KiB)",
                        "penstock.yaml:5: nonsense: unknown key (expected: one of those that penstock config show lists)",
                        "--set: console.port: 70000 (expected: a whole number, 0..65535)",
                        "--set: provider.timeout: 10 (expected: a duration, 100ms..1h)");
    }

    @Test
    void shouldRefuseOnePortForConsoleAndProbes() {
        assertThat(problems("", "console.port=8081"))
                .containsExactly(
                        "default: console.probes_port: 8081 (expected: another port than console.port, which is 8081, or 0 for any free one)");
        assertThat(problems("console: {port: 9000, probes_port: 9000}"))
                .containsExactly(
                        "penstock.yaml:1: console.probes_port: 9000 (expected: another port than console.port, which is 9000, or 0 for any free one)");
    }

    @Test
    void shouldTakeAnyFreePortForConsoleAndProbes() throws Exception {
        // When
        ConsoleConfig console = ConfigLoader.load(null, Map.of(), List.of("console.port=0", "console.probes_port=0"))
                .console();

        // Then
        assertThat(console.port()).isZero();
        assertThat(console.probesPort()).isZero();
    }

    @Test
    void shouldRefuseTenantsThatMustBeSignedWithoutAKey() {
        assertThat(problems("", "intake.signed_tenants=acme/,globex"))
                .containsExactly("--set: intake.signed_tenants: acme/,globex (expected: intake.signature_key as well)");
        assertThat(problems("", "intake.signed_tenants=acme/ *"))
                .containsExactly(
                        "--set: intake.signed_tenants: acme/ * (expected: beginnings of tenants' names, with commas, or *)");
        assertThat(problems("intake: {signed_tenants: [acme/, globex], signature_key: {file: /no/such}}"))
                .containsExactly(
                        "penstock.yaml:1: intake.signature_key: {file: /no/such} (expected: a readable file that holds the secret)");
    }

    @Test
    void shouldRefuseLiteralSecretsWithoutRepeatingThem() {
        // Given
        String text = """
                provider:
                  api_key: sk-canary
                kafka:
                  sasl.jaas.config: canary
                  ssl:
                    key.password: canary
                """;

        // When
        List<String> problems = problems(text, "kafka.ssl.keystore.password=canary");

        // Then
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "penstock.yaml:2: provider.api_key: a literal secret (expected: {env: NAME} or {file: PATH})",
                        "penstock.yaml:4: kafka.sasl.jaas.config: a literal secret (expected: {env: NAME} or {file: PATH})",
                        "penstock.yaml:6: kafka.ssl.key.password: a literal secret (expected: {env: NAME} or {file: PATH})",
                        "--set: kafka.ssl.keystore.password: a literal secret (expected: {env: NAME} or {file: PATH})");
    }

    @Test
    void shouldFollowReferencesAndNeverShowWhatTheyHold() throws Exception {
        // Given
        Path secret = Files.writeString(directory.resolve("key"), "canary-file\n");
        Path file = yaml("""
                provider.api_key: {env: MY_KEY}
                kafka:
                  ssl.key.password: {file: %s}
                """.formatted(secret));
        Map<String, String> environment =
                Map.of("MY_KEY", "canary-env", "PENSTOCK_KAFKA_SASL_JAAS_CONFIG", "canary-direct");

        // When
        ExplainedConfig explained = ConfigLoader.explain(file, environment, List.of());

        // Then
        PenstockConfig config = explained.config();
        assertThat(config.kafka())
                .containsEntry("ssl.key.password", "canary-file")
                .containsEntry("sasl.jaas.config", "canary-direct");
        assertThat(config.provider().apiKey()).isEqualTo(new SecretRef.Env("MY_KEY"));
        assertThat(config.toString()).doesNotContain("canary");
        assertThat(explained.lines().toString()).doesNotContain("canary").contains("{env: MY_KEY}");
    }

    @Test
    void shouldRefuseAReferenceThatLeadsNowhere() {
        // Given
        String text = "provider.api_key: {env: NOT_SET}\nkafka.ssl.key.password: {file: /no/such/file}\n";

        // When / Then
        assertThat(problems(text))
                .containsExactlyInAnyOrder(
                        "penstock.yaml:1: provider.api_key: {env: NOT_SET} (expected: the environment variable NOT_SET to hold the secret)",
                        "penstock.yaml:2: kafka.ssl.key.password: {file: /no/such/file} (expected: a readable file that holds the secret)");
    }

    @Test
    void shouldPassKafkaPropertiesThroughAndRefuseThoseTheGuaranteesHangOn() throws Exception {
        // Given
        Path file = yaml("""
                kafka:
                  bootstrap.servers: [a:1, b:2]
                  security: {protocol: SSL}
                  ssl.endpoint.identification.algorithm: ""
                  sasl.oauthbearer.assertion.file: /etc/assertion
                """);

        // When
        KafkaProperties kafka =
                ConfigLoader.load(file, NO_ENVIRONMENT, List.of()).kafka();

        // Then
        assertThat(kafka)
                .containsEntry("bootstrap.servers", "a:1,b:2")
                .containsEntry("security.protocol", "SSL")
                .containsEntry("ssl.endpoint.identification.algorithm", "")
                .containsEntry("sasl.oauthbearer.assertion.file", "/etc/assertion");
        assertThat(problems("kafka: {acks: 1, producer.transactional.id: x, bootstrap.servers: nohost}"))
                .containsExactlyInAnyOrder(
                        "penstock.yaml:1: kafka.acks: is fixed, the guarantees depend on it (leave it out)",
                        "penstock.yaml:1: kafka.producer.transactional.id: is fixed, the guarantees depend on it (leave it out)",
                        "penstock.yaml:1: kafka.bootstrap.servers: nohost (expected: host:port, or several with commas)");
    }

    @Test
    void shouldCheckValuesAgainstEachOther() {
        // When / Then
        assertThat(problems("", "topics.replication=1"))
                .containsExactly("default: topics.min_insync_replicas: 2 (expected: at most topics.replication, 1)");
        assertThat(problems("", "topics.retention=1d"))
                .containsExactly("default: dispatch.max_deadline: 7d (expected: at most topics.retention, 1d)");
        assertThat(problems("", "provider.timeout=1s", "provider.connect_timeout=2s"))
                .containsExactly("--set: provider.connect_timeout: 2s (expected: at most provider.timeout, 1s)");
        assertThat(problems("", "provider.max_timeout=500ms"))
                .containsExactly("default: provider.min_timeout: 1s (expected: at most provider.max_timeout, 500ms)");
        String target =
                "{targets: {mini: {model: m}}, tiers: {simple: {chain: [mini]}, medium: {chain: [mini]}, complex: {chain: [mini]}}}";
        assertThat(problems(target, "targets.mini.min_timeout=11m"))
                .containsExactly(
                        "--set: targets.mini.min_timeout: 11m (expected: at most targets.mini.max_timeout, 10m)");
        assertThat(problems(target, "targets.mini.max_timeout=900ms"))
                .containsExactly(
                        "--set: targets.mini.max_timeout: 900ms (expected: at least targets.mini.min_timeout, 1s)");
    }

    @Test
    void shouldNotLetConnectingTakeLongerThanAnAttemptMay() {
        assertThat(PenstockConfig.of("provider.timeout=1s").provider().connectTimeout())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldRefuseWhatIsNotOneMappingOfPlainValues() {
        assertThat(problems("- a\n- b\n"))
                .containsExactly("penstock.yaml:1: not a mapping (expected: key: value lines)");
        assertThat(problems("dispatch: [\n")).singleElement().asString().startsWith("penstock.yaml:");
        assertThat(problems("a: &x 1\ndispatch.permits: *x\n")).anyMatch(line -> line.contains("an alias"));
        assertThat(problems("dispatch.permits: 1\ndispatch: {permits: 2}\n"))
                .containsExactly("penstock.yaml:2: dispatch.permits: stands at penstock.yaml:1 too (expected: once)");
        assertThat(problems("dispatch.permits: 1\ndispatch.permits: 2\n")).isNotEmpty();
        assertThat(problems("dispatch.permits:\n"))
                .containsExactly("penstock.yaml:1: dispatch.permits: nothing (expected: a whole number, 1..100000)");
        assertThat(problems("dispatch: 5\n"))
                .containsExactly(
                        "penstock.yaml:1: dispatch: unknown key (expected: one of those that penstock config show lists)");
    }

    @Test
    void shouldRefuseAMissingFileByName() {
        // Given
        Path missing = directory.resolve("missing.yaml");

        // When / Then
        assertThatThrownBy(() -> ConfigLoader.load(missing, NO_ENVIRONMENT, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(missing + ": cannot be read (expected: a YAML file)");
    }

    @Test
    void shouldRefuseUnknownEnvironmentButNotWhatKubernetesAdds() {
        // Given
        Map<String, String> environment = Map.of(
                "PENSTOCK_PERMITS", "5",
                "PENSTOCK_SERVICE_HOST", "10.0.0.1",
                "PENSTOCK_PORT_8080_TCP_ADDR", "10.0.0.1",
                "PENSTOCK_PORT", "tcp://10.0.0.1:8080",
                "OTHER", "x");

        // When
        ConfigException wrong =
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(null, environment, List.of()));

        // Then
        assertThat(wrong.problems())
                .containsExactly("environment: PENSTOCK_PERMITS: unknown key (did you mean dispatch.permits?)");
    }

    @Test
    void shouldShowAConfigurationThatLoadsAgain() throws Exception {
        // Given
        ExplainedConfig first = ConfigLoader.explain(null, NO_ENVIRONMENT, List.of("dispatch.permits=7"));
        StringBuilder text = new StringBuilder();
        first.lines().stream()
                .filter(line -> !line.value().isEmpty())
                .forEach(line -> text.append(line.key())
                        .append(": ")
                        .append(line.value())
                        .append("\n"));

        // When
        PenstockConfig again = ConfigLoader.load(yaml(text.toString()), NO_ENVIRONMENT, List.of());

        // Then
        assertThat(again).isEqualTo(first.config());
        assertThat(first.lines()).contains(new ExplainedConfig.Line("dispatch.permits", "7", "--set"));
    }

    @Test
    void shouldLoadTheShippedExampleToTheDefaults() throws Exception {
        // When
        PenstockConfig config = ConfigLoader.load(Path.of("../examples/penstock.yaml"), NO_ENVIRONMENT, List.of());

        // Then
        assertThat(config).isEqualTo(PenstockConfig.defaults());
    }

    @Test
    void shouldLetAClientDoWithoutTheProvidersKey() throws Exception {
        // Given
        Path file = yaml("provider.api_key: {env: NOT_SET}\n");

        // When
        PenstockConfig config =
                ConfigLoader.loadForClient(new ConfigSources(List.of(), file, NO_ENVIRONMENT, List.of()));

        // Then
        assertThat(config.provider().apiKey()).isEqualTo(new SecretRef.Env("NOT_SET"));
    }

    @Test
    void shouldLetTheFileBeatAPreset() throws Exception {
        // Given
        ConfigSources sources = new ConfigSources(
                List.of("dispatch.permits=1", "console.port=1"),
                yaml("dispatch.permits: 2\n"),
                NO_ENVIRONMENT,
                List.of());

        // When
        PenstockConfig config = ConfigLoader.explain(sources).config();

        // Then
        assertThat(config.dispatch().permits()).isEqualTo(2);
        assertThat(config.console().port()).isEqualTo(1);
    }

    private List<String> problems(String text, String... sets) {
        ConfigException wrong = catchThrowableOfType(
                ConfigException.class, () -> ConfigLoader.load(yaml(text), NO_ENVIRONMENT, List.of(sets)));
        return wrong == null ? List.of() : wrong.problems();
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(directory.resolve("penstock.yaml"), text);
    }
}
