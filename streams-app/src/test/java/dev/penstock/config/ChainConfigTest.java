package dev.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.penstock.config.BudgetsConfig.TokenCount;
import dev.penstock.config.TargetConfig.Connections;
import dev.penstock.config.TargetConfig.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets, tiers and what falls back to what. */
class ChainConfigTest {

    private static final Map<String, String> KEYS = Map.of("OPENAI_KEY", "k1", "ANTHROPIC_KEY", "k2");

    private static final String CHAIN = """
            targets:
              mini: {model: gpt-4o-mini, rpm_limit: 500, tpm_limit: 200000, max_concurrency: 100, quota: main}
              haiku:
                kind: anthropic
                api_key: {env: ANTHROPIC_KEY}
                model: claude-haiku-4-5
                timeout: 20s
              local: {base_url: "http://127.0.0.1:11434", model: llama3.2}
            tiers:
              simple: {chain: [mini, local]}
              medium: {chain: [mini, haiku, local], timeout: 45s}
              complex: {chain: [haiku, mini]}
              cheap: {chain: local}
            provider:
              api_key: {env: OPENAI_KEY}
            """;

    @TempDir
    Path directory;

    @Test
    void shouldGiveAnInstanceItsShareOfTheAccountsLimits() {
        // When
        TargetConfig shared = PenstockConfig.of(
                        "targets.mini.rpm_limit=500",
                        "targets.mini.tpm_limit=1",
                        "targets.mini.share=33",
                        "tiers.simple.chain=mini",
                        "tiers.medium.chain=mini",
                        "tiers.complex.chain=mini")
                .targets()
                .getFirst();

        // Then
        assertThat(shared.ownRpmLimit()).isEqualTo(165);
        assertThat(shared.ownTpmLimit()).as("a limit stays a limit").isEqualTo(1);
    }

    @Test
    void shouldMakeTheProviderTheOneTargetOfEveryTierWhenNoneIsNamed() {
        // When
        PenstockConfig config = PenstockConfig.of("provider.name=mine", "dispatch.permits=7", "provider.model=m-1");

        // Then
        assertThat(config.targets())
                .containsExactly(new TargetConfig(
                        "mine",
                        Kind.OPENAI,
                        URI.create("https://api.openai.com"),
                        null,
                        "m-1",
                        null,
                        null,
                        Duration.ofSeconds(5),
                        1024 * 1024,
                        7,
                        4096,
                        0,
                        0,
                        7,
                        100,
                        "mine"));
        assertThat(config.tiers())
                .containsExactly(
                        new TierConfig("simple", List.of("mine"), Duration.ofSeconds(30)),
                        new TierConfig("medium", List.of("mine"), Duration.ofSeconds(30)),
                        new TierConfig("complex", List.of("mine"), Duration.ofSeconds(60)));
    }

    @Test
    void shouldTakeTheProvidersTimeoutForTiersIfItWasSet() {
        // When
        PenstockConfig config = PenstockConfig.of("provider.timeout=7s", "tiers.complex.timeout=9s");

        // Then
        assertThat(config.tiers())
                .extracting(TierConfig::timeout)
                .containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7), Duration.ofSeconds(9));
        assertThat(config.targets().getFirst().timeout()).isNull();
    }

    @Test
    void shouldReadTargetsAndChainsWithTheProvidersKeysForDefaults() throws Exception {
        // When
        PenstockConfig config = ConfigLoader.load(yaml(CHAIN), KEYS, List.of("provider.max_output_tokens=99"));

        // Then
        assertThat(config.targets())
                .containsExactly(
                        new TargetConfig(
                                "mini",
                                Kind.OPENAI,
                                URI.create("https://api.openai.com"),
                                new SecretRef.Env("OPENAI_KEY"),
                                "gpt-4o-mini",
                                null,
                                null,
                                Duration.ofSeconds(5),
                                1024 * 1024,
                                100,
                                99,
                                500,
                                200_000,
                                100,
                                100,
                                "main"),
                        new TargetConfig(
                                "haiku",
                                Kind.ANTHROPIC,
                                URI.create("https://api.anthropic.com"),
                                new SecretRef.Env("ANTHROPIC_KEY"),
                                "claude-haiku-4-5",
                                null,
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(5),
                                1024 * 1024,
                                1000,
                                99,
                                0,
                                0,
                                1000,
                                100,
                                "haiku"),
                        new TargetConfig(
                                "local",
                                Kind.OPENAI,
                                URI.create("http://127.0.0.1:11434"),
                                null,
                                "llama3.2",
                                null,
                                null,
                                Duration.ofSeconds(5),
                                1024 * 1024,
                                1000,
                                99,
                                0,
                                0,
                                1000,
                                100,
                                "local"));
        assertThat(config.tiers())
                .containsExactly(
                        new TierConfig("simple", List.of("mini", "local"), Duration.ofSeconds(30)),
                        new TierConfig("medium", List.of("mini", "haiku", "local"), Duration.ofSeconds(45)),
                        new TierConfig("complex", List.of("haiku", "mini"), Duration.ofSeconds(60)),
                        new TierConfig("cheap", List.of("local"), Duration.ofSeconds(60)));
    }

    @Test
    void shouldNotShowTheProvidersKeyToATargetElsewhere() {
        // When
        PenstockConfig config = PenstockConfig.of(
                "targets.a.model=m",
                "targets.b.base_url=https://elsewhere.example",
                "targets.c.kind=anthropic",
                "targets.c.model=m",
                "provider.api_key={file: /etc/hostname}",
                "tiers.simple.chain=a,b,c",
                "tiers.medium.chain=a",
                "tiers.complex.chain=a");

        // Then
        assertThat(config.targets())
                .extracting(TargetConfig::apiKey)
                .containsExactly(new SecretRef.File(Path.of("/etc/hostname")), null, null);
    }

    @Test
    void shouldSayOfEachTargetWhetherItsCallsShareConnections() throws Exception {
        // Given
        Path file = yaml("""
                provider:
                  connections: {per_call: fresh}
                targets:
                  a: {model: m}
                  b: {connections: {per_call: reuse}}
                  c.connections: {connections: {per_call: reuse}, model: m}
                tiers:
                  simple: {chain: [a, b, c.connections]}
                  medium: {chain: a}
                  complex: {chain: a}
                """);

        // When
        PenstockConfig config = ConfigLoader.load(file, Map.of(), List.of());
        PenstockConfig alone = PenstockConfig.of("provider.connections.per_call=fresh");
        PenstockConfig plain = PenstockConfig.of();

        // Then
        assertThat(config.targets())
                .extracting(TargetConfig::name, TargetConfig::connections)
                .containsExactly(
                        tuple("a", Connections.FRESH),
                        tuple("b", Connections.REUSE),
                        tuple("c.connections", Connections.REUSE));
        assertThat(alone.targets().getFirst().connections()).isEqualTo(Connections.FRESH);
        assertThat(plain.targets().getFirst().connections()).isEqualTo(Connections.REUSE);
    }

    @Test
    void shouldFollowTheProvidersKind() {
        // When
        PenstockConfig config = PenstockConfig.of("provider.kind=anthropic", "provider.model=claude-haiku-4-5");

        // Then
        assertThat(config.provider().kind()).isEqualTo(Kind.ANTHROPIC);
        assertThat(config.targets().getFirst().kind()).isEqualTo(Kind.ANTHROPIC);
        assertThat(config.targets().getFirst().baseUrl()).isEqualTo(URI.create("https://api.anthropic.com"));
        assertThat(problems("", "provider.kind=anthropic"))
                .containsExactly(
                        "default: provider.model: gpt-4o-mini (expected: to be set, as provider.kind is not openai)");
    }

    @Test
    void shouldLetTheEnvironmentChangeWhatTheFileNames() throws Exception {
        // Given
        Path file = yaml("""
                targets:
                  my-gpt.4: {model: a}
                  other: {model: b}
                tiers:
                  simple: {chain: [my-gpt.4]}
                  medium: {chain: [my-gpt.4]}
                  complex: {chain: [my-gpt.4]}
                """);
        Map<String, String> environment = Map.of(
                "PENSTOCK_TARGETS_MY_GPT_4_MODEL", "c",
                "PENSTOCK_TARGETS_MY_GPT_4_API_KEY", "canary",
                "PENSTOCK_TARGETS_OTHER_MAX_CONCURRENCY", "5",
                "PENSTOCK_TIERS_SIMPLE_CHAIN", "other,my-gpt.4",
                "PENSTOCK_TIERS_MEDIUM_TIMEOUT", "3s");

        // When
        ExplainedConfig explained = ConfigLoader.explain(file, environment, List.of("targets.other.model=d"));

        // Then
        PenstockConfig config = explained.config();
        assertThat(config.targets()).extracting(TargetConfig::model).containsExactly("c", "d");
        assertThat(config.targets().getFirst().apiKey())
                .isEqualTo(new SecretRef.Env("PENSTOCK_TARGETS_MY_GPT_4_API_KEY"));
        assertThat(config.targets().getLast().maxConcurrency()).isEqualTo(5);
        assertThat(config.tiers().getFirst().chain()).containsExactly("other", "my-gpt.4");
        assertThat(config.tiers().get(1).timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(explained.lines().toString()).doesNotContain("canary");
    }

    @Test
    void shouldNotLetTheEnvironmentNameTargets() {
        // Given
        Map<String, String> environment = Map.of(
                "PENSTOCK_TARGETS_NEW_MODEL", "m",
                "PENSTOCK_TARGETS_A_MODLE", "m",
                "PENSTOCK_TARGETS_A_CONNECT_TIMEOUT", "1s");
        List<String> sets = List.of(
                "targets.a.model=m",
                "targets.a-connect.model=m",
                "tiers.simple.chain=a",
                "tiers.medium.chain=a",
                "tiers.complex.chain=a");

        // When
        ConfigException wrong =
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(null, environment, sets));

        // Then
        assertThat(wrong.problems())
                .containsExactlyInAnyOrder(
                        "environment: PENSTOCK_TARGETS_NEW_MODEL: unknown key"
                                + " (expected: a field of a name that the file or --set has)",
                        "environment: PENSTOCK_TARGETS_A_MODLE: unknown key"
                                + " (expected: a field of a name that the file or --set has)",
                        "environment: PENSTOCK_TARGETS_A_CONNECT_TIMEOUT: fits targets.a.connect_timeout and"
                                + " targets.a-connect.timeout (expected: one; set it in the file)");
    }

    @Test
    void shouldNameEveryMistakeInChainsAtOnce() {
        // Given
        String text = """
                targets:
                  mini: {modle: gpt-4o-mini, timeout: -5s}
                  Big: {kind: openai}
                  haiku: {kind: anthropic}
                  odd: {kind: cohere, timeout: 0s}
                  keyed: {model: m, api_key: {env: NOT_SET}}
                  spare: {model: m, api_key: {env: NOT_SET_EITHER}}
                tiers:
                  simple: {chain: [mini, minni, keyed, mini]}
                  medium: {chain: [], timeout: 0s}
                  fast: {timeout: 5s}
                """;

        // When / Then
        assertThat(problems(text))
                .containsExactlyInAnyOrder(
                        "penstock.yaml:2: targets.mini.modle: unknown key (did you mean targets.mini.model?)",
                        "penstock.yaml:2: targets.mini.timeout: -5s (expected: a duration, 100ms..1h)",
                        "penstock.yaml:3: targets.Big: the name (expected: 1 to 64 of a-z, 0-9, '.', '_' and '-',"
                                + " a letter or digit first)",
                        "penstock.yaml:4: targets.haiku.model: nothing"
                                + " (expected: a model; provider.model is of kind openai)",
                        "penstock.yaml:5: targets.odd.kind: cohere (expected: openai or anthropic)",
                        "penstock.yaml:5: targets.odd.timeout: 0s (expected: a duration, 100ms..1h)",
                        "penstock.yaml:6: targets.keyed.api_key: {env: NOT_SET}"
                                + " (expected: the environment variable NOT_SET to hold the secret)",
                        "penstock.yaml:7: targets.spare.api_key: {env: NOT_SET_EITHER}"
                                + " (expected: the environment variable NOT_SET_EITHER to hold the secret)",
                        "penstock.yaml:9: tiers.simple.chain: minni"
                                + " (expected: one of the targets: mini, Big, haiku, odd, keyed, spare)",
                        "penstock.yaml:9: tiers.simple.chain: mini (expected: each target once)",
                        "penstock.yaml:10: tiers.medium.chain: nothing"
                                + " (expected: names of targets, each once: [first, second])",
                        "penstock.yaml:10: tiers.medium.timeout: 0s (expected: a duration, 100ms..1h)",
                        "penstock.yaml:2: tiers.complex.chain: nothing"
                                + " (expected: names of targets out of mini, Big, haiku, odd, keyed, spare)",
                        "penstock.yaml:11: tiers.fast.chain: nothing"
                                + " (expected: names of targets out of mini, Big, haiku, odd, keyed, spare)");
    }

    @Test
    void shouldAskForTheProvidersKeyOnlyIfATargetUsesIt() {
        // Given
        String text = """
                provider.api_key: {env: NOT_SET}
                targets:
                  local: {base_url: "http://127.0.0.1:11434", model: llama3.2}
                tiers.simple.chain: local
                tiers.medium.chain: local
                tiers.complex.chain: local
                """;

        // When / Then
        assertThat(problems(text)).isEmpty();
        assertThat(problems(text + "targets.mini.model: m\ntargets.tiny.model: m\n"))
                .containsExactly("penstock.yaml:1: provider.api_key: {env: NOT_SET}"
                        + " (expected: the environment variable NOT_SET to hold the secret)");
    }

    @Test
    void shouldTakeAnEmptyMappingForATargetAndAnEmptySectionForNothing() throws Exception {
        // Given
        Path file = yaml("""
                dispatch:
                kafka: {}
                targets: {only: {}}
                tiers: {simple: {chain: only}, medium: {chain: only}, complex: {chain: only}}
                """);

        // When
        PenstockConfig config = ConfigLoader.load(file, KEYS, List.of());

        // Then
        assertThat(config.targets()).extracting(TargetConfig::name).containsExactly("only");
        assertThat(problems("targets: {only: gpt}\n"))
                .containsExactly("penstock.yaml:1: targets.only: unknown key (expected: one of "
                        + String.join(", ", TargetConfig.SECTION.keysOf("only")) + ")");
        assertThat(problems("tiers: {fast: {}}\n"))
                .containsExactly(
                        "penstock.yaml:1: tiers.fast.chain: nothing (expected: names of targets out of openai)");
    }

    @Test
    void shouldHaveTheDocumentedDefaultsForRetriesAndBreakers() {
        // When
        PenstockConfig config = PenstockConfig.defaults();

        // Then
        assertThat(config.retry())
                .isEqualTo(new RetryConfig(
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        10,
                        10,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(2),
                        20));
        assertThat(config.breaker())
                .isEqualTo(new BreakerConfig(
                        5,
                        50,
                        Duration.ofSeconds(90),
                        Duration.ofSeconds(60),
                        3,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(30)));
        assertThat(config.dispatch().tenantMaxInFlight()).isEqualTo(900);
    }

    @Test
    void shouldCheckRetryAndConnectTimesAgainstEachOther() {
        // When / Then
        assertThat(problems("", "retry.base=40s", "retry.park_base=3m", "retry.attempts_per_target=0"))
                .containsExactlyInAnyOrder(
                        "--set: retry.base: 40s (expected: at most retry.cap, 30s)",
                        "--set: retry.park_base: 3m (expected: at most retry.park_cap, 2m)",
                        "--set: retry.attempts_per_target: 0 (expected: a whole number, 1..100)");
        assertThat(problems(CHAIN, "targets.haiku.connect_timeout=21s"))
                .contains("--set: targets.haiku.connect_timeout: 21s"
                        + " (expected: at most targets.haiku.timeout, 20s)");
    }

    @Test
    void shouldMoveEveryTargetAndNoKey() throws Exception {
        // Given
        URI place = URI.create("http://127.0.0.1:1");
        PenstockConfig config = ConfigLoader.load(yaml(CHAIN), KEYS, List.of());

        // When
        PenstockConfig moved = config.withTargetsAt(place);

        // Then
        assertThat(moved.targets())
                .hasSameSizeAs(config.targets())
                .allSatisfy(target -> assertThat(target.baseUrl()).isEqualTo(place))
                .allSatisfy(target -> assertThat(target.apiKey()).isNull());
        assertThat(moved.targets().getFirst().quota()).isEqualTo("main");
        assertThat(moved.tiers()).isEqualTo(config.tiers());
    }

    @Test
    void shouldTakeTheBreakersWindowInWholeSeconds() {
        // When / Then
        String expected = " (expected: a duration, 1s..1h in whole seconds)";
        assertThat(problems("", "breaker.window=1500ms")).containsExactly("--set: breaker.window: 1500ms" + expected);
        assertThat(problems("", "breaker.window=50")).containsExactly("--set: breaker.window: 50" + expected);
    }

    @Test
    void shouldShowWhatIsInEffectAndWhereItCameFrom() throws Exception {
        // Given
        ExplainedConfig first = ConfigLoader.explain(yaml(CHAIN), KEYS, List.of());
        StringBuilder text = new StringBuilder();
        first.lines().stream()
                .filter(line -> !line.value().isEmpty())
                .forEach(line -> text.append(line.key())
                        .append(": ")
                        .append(line.value())
                        .append("\n"));

        // When
        PenstockConfig again = ConfigLoader.load(yaml(text.toString()), KEYS, List.of());

        // Then
        assertThat(again).isEqualTo(first.config());
        assertThat(first.lines())
                .contains(
                        new ExplainedConfig.Line("targets.mini.rpm_limit", "500", "penstock.yaml:2"),
                        new ExplainedConfig.Line("targets.mini.api_key", "{env: OPENAI_KEY}", "provider.api_key"),
                        new ExplainedConfig.Line("targets.mini.timeout", "", "the tier"),
                        new ExplainedConfig.Line("targets.mini.max_connections", "100", "provider.max_connections"),
                        new ExplainedConfig.Line("targets.local.api_key", "", "none"),
                        new ExplainedConfig.Line("targets.local.rpm_limit", "0", "default"),
                        new ExplainedConfig.Line("targets.haiku.base_url", "https://api.anthropic.com", "default"),
                        new ExplainedConfig.Line("targets.haiku.quota", "haiku", "the target's name"),
                        new ExplainedConfig.Line("tiers.medium.chain", "mini,haiku,local", "penstock.yaml:11"),
                        new ExplainedConfig.Line("tiers.simple.timeout", "30s", "default"));
    }

    @Test
    void shouldBoundTokensOfATargetAsItSays() {
        // When
        PenstockConfig config = PenstockConfig.of(
                "budgets.tokens_of_part=image_url=1500",
                "targets.mini.tokenizer=o200k_base",
                "targets.local.tokens_of_part=file=7,image_url=900",
                "tiers.simple.chain=mini",
                "tiers.medium.chain=local",
                "tiers.complex.chain=local");

        // Then
        assertThat(config.targets())
                .extracting(TargetConfig::tokenizer)
                .containsExactlyInAnyOrder(TokenCount.O200K_BASE, TokenCount.UTF8_BYTES);
        assertThat(config.targets())
                .extracting(TargetConfig::tokensOfPart)
                .containsExactlyInAnyOrder(Map.of("image_url", 1_500L), Map.of("file", 7L, "image_url", 900L));
    }

    @Test
    void shouldLoadTheChainsThatTheExampleShows() throws Exception {
        // Given
        String text =
                Files.readString(Path.of("../examples/penstock.yaml")).replaceAll("(?m)^# (targets:|tiers:|  )", "$1");

        // When
        PenstockConfig config = ConfigLoader.load(yaml(text), Map.of("ANTHROPIC_API_KEY", "k"), List.of());

        // Then
        assertThat(config.targets()).extracting(TargetConfig::name).containsExactly("mini", "haiku", "local");
        assertThat(config.tiers())
                .extracting(tier -> String.join(",", tier.chain()))
                .containsExactly("mini,local", "mini,haiku,local", "haiku,mini");
    }

    private List<String> problems(String text, String... sets) {
        ConfigException wrong = catchThrowableOfType(
                ConfigException.class, () -> ConfigLoader.load(yaml(text), Map.of(), List.of(sets)));
        return wrong == null ? List.of() : wrong.problems();
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(directory.resolve("penstock.yaml"), text);
    }
}
