package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.PenstockApp;
import dev.penstock.config.PenstockConfig;
import dev.penstock.embedded.TestBroker;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tenants} and {@code budgets} against a broker, and against an instance that reads what they write. */
class BudgetCommandsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String POLICY =
            "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":0.0003,\"soft_budget\":0.0002}]}";

    private static TestBroker broker;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldSetShowListAndDeletePolicies() throws Exception {
        // Given
        run("kept.", "topics", "create");
        Path policy = Files.writeString(directory.resolve("policy.json"), POLICY);

        // When
        CapturedRun set = run("kept.", "tenants", "set", "acme", policy.toString());
        run("kept.", "tenants", "set", "beta/search", policy.toString());
        CapturedRun misspelt = run(
                "kept.",
                "tenants",
                "set",
                "gamma",
                Files.writeString(directory.resolve("gold.json"), "{\"allowed_tiers\":[\"gold\"]}")
                        .toString());
        run("kept.", "tenants", "delete", "gamma");
        CapturedRun show = run("kept.", "tenants", "show", "acme");
        CapturedRun list = run("kept.", "tenants", "list");
        CapturedRun delete = run("kept.", "tenants", "delete", "acme");
        CapturedRun gone = run("kept.", "tenants", "show", "acme");
        CapturedRun left = run("kept.", "tenants", "list");

        // Then
        assertThat(set.exitCode()).isZero();
        assertThat(set.out()).isEqualTo("acme: set\n");
        assertThat(set.err())
                .as("nobody would hold acme to it, and that is said")
                .startsWith("warning: no instance of ")
                .contains("budgets.enabled: false");
        assertThat(misspelt.exitCode()).isZero();
        assertThat(misspelt.err())
                .contains(
                        "allowed_tiers: gold (expected: one of the tiers of this configuration, simple, medium, complex)");
        JsonNode shown =
                JsonMapper.shared().readTree(show.out()).path("budgets").path(0);
        assertThat(shown.path("max_budget").decimalValue()).isEqualByComparingTo("0.0003");
        assertThat(list.out().lines()).hasSize(2).allMatch(line -> line.contains(" {"));
        assertThat(delete.out()).isEqualTo("acme: deleted\n");
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.err()).isEqualTo("acme: no policy; the defaults of the configuration hold\n");
        assertThat(left.out()).startsWith("beta/search ").hasLineCount(1);
    }

    @Test
    void shouldShowWhereBudgetsStandAndHoldATenantToAPolicyAtOnce() throws Exception {
        // Given
        Path policy = Files.writeString(directory.resolve("policy.json"), POLICY);
        Path prices =
                Files.writeString(directory.resolve("prices.yaml"), "models: {fake-1: {input: 0, output: 0.000001}}");
        String[] enabled = {"budgets.enabled=true", "budgets.prices=" + prices, "provider.model=fake-1"};
        run("held.", "topics", "create");
        try (FakeProvider fake = FakeProvider.start(FakeProviderSettings.defaults());
                PenstockApp app = PenstockApp.start(
                        config(enabled, "provider.base_url=" + fake.baseUrl()), new SimpleMeterRegistry())) {
            await().atMost(PATIENCE).until(() -> app.ready().ok());

            // When
            CapturedRun set = run("held.", "tenants", "set", "acme", policy.toString());
            // The first event of the topic comes behind the policy, and the policy is read before requests are.
            await().atMost(PATIENCE)
                    .until(() -> run("held.", "budgets", "--tenant", "acme", "-o", "json")
                            .out()
                            .contains("0.0003"));
            for (int i = 0; i < 3; i++) {
                Path line = Files.writeString(
                        directory.resolve("line.jsonl"),
                        "{\"custom_id\":\"c-" + i + "\",\"tenant\":\"acme\",\"body\":{\"model\":\"fake-1\","
                                + "\"max_tokens\":200,\"messages\":[{\"role\":\"user\",\"content\":\"hello " + i
                                + "\"}]}}\n");
                assertThat(run("held.", "send", line.toString()).exitCode()).isZero();
            }
            await().atMost(PATIENCE)
                    .until(() -> run("held.", "results", "-o", "json").out().contains("c-0"));

            // Then
            assertThat(set).isEqualTo(new CapturedRun(0, "acme: set\n", ""));
            CapturedRun table = run("held.", "budgets", "--tenant", "acme", "-o", "table");
            assertThat(table.exitCode()).isZero();
            assertThat(table.out().lines().toList().getFirst())
                    .startsWith("TENANT")
                    .contains("LIMIT_USD")
                    .endsWith("RESETS_AT");
            assertThat(table.out().lines().skip(1)).isNotEmpty().allMatch(row -> row.startsWith("acme "));
            CapturedRun others = run("held.", "budgets", "--tenant", "beta", "-o", "json");
            assertThat(others.exitCode()).isZero();
            assertThat(others.out()).isEmpty();
            JsonNode month = JsonMapper.shared()
                    .readTree(run("held.", "budgets", "-o", "json")
                            .out()
                            .lines()
                            .filter(status -> status.contains("\"month\""))
                            .findFirst()
                            .orElseThrow());
            assertThat(month.path("usd").path("limit").decimalValue()).isEqualByComparingTo("0.0003");
            assertThat(month.path("resets_at").asString()).endsWith("T00:00:00Z");
        }
    }

    private static PenstockConfig config(String[] more, String provider) {
        List<String> sets = new ArrayList<>(sets("held."));
        sets.addAll(List.of(more));
        sets.add(provider);
        sets.add("kafka.bootstrap.servers=" + broker.bootstrapServers());
        sets.add("instance.id=one");
        sets.add("console.port=0");
        sets.add("console.probes_port=0");
        sets.add("instance.state_dir=" + Path.of("target", "budget-commands", Long.toString(System.nanoTime())));
        return PenstockConfig.of(sets.toArray(String[]::new));
    }

    private static List<String> sets(String prefix) {
        return List.of(
                "application_id=" + prefix + "app",
                "topics.prefix=" + prefix,
                "topics.partitions=3",
                "topics.replication=1",
                "topics.min_insync_replicas=1");
    }

    private static CapturedRun run(String prefix, String... command) {
        List<String> args = new ArrayList<>(List.of(command));
        args.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
        sets(prefix).forEach(set -> args.addAll(List.of("--set", set)));
        return CapturedRun.of(args.toArray(String[]::new));
    }
}
