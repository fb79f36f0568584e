package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A tenant whose calls may be downgraded, but to no tier that it is allowed: near the end of its budget its calls are
 * refused, and its neighbours on the same stream thread are not disturbed.
 */
@Execution(ExecutionMode.CONCURRENT)
class DowngradeIT {

    private static final int OTHERS = 40;

    @Test
    void shouldAnswerOthersWhileATenantIsNearTheEndOfItsBudget() {
        try (Rig rig = Rig.start("downgrade")) {
            // Given
            AppChild app = rig.launch(spec(rig));
            app.awaitReady();
            rig.sender().send(List.of(line("greedy", "fits")));
            rig.awaitAllEnds();

            // When
            List<Workload.Line> lines = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                lines.add(line("greedy", "does-not-" + i));
                lines.add(line("other-" + i, "first-" + i));
            }
            rig.sender().send(lines);
            rig.awaitAllEnds();

            // Then
            assertThat(rig.terminals().values())
                    .filteredOn(Content.Result.class::isInstance)
                    .hasSize(1 + OTHERS);
            assertThat(rig.terminals().values())
                    .filteredOn(Content.DeadLetter.class::isInstance)
                    .hasSize(OTHERS)
                    .allSatisfy(
                            end -> assertThat(((Content.DeadLetter) end).code()).isEqualTo("budget.exceeded"));
            assertThat(alerts(rig))
                    .as("told once, though spend never reaches the limit")
                    .filteredOn(alert -> alert.contains("month usd exhausted"))
                    .hasSize(1);
            assertThat(app.pages().isReady()).isTrue();
            rig.audit();
        }
    }

    private static AppSpec spec(Rig rig) {
        return rig.spec("one")
                .with("streams.threads", "1")
                .with("budgets.enabled", "true")
                .with("budgets.prices", prices(rig.directory()).toString())
                .with("budgets.max_budget", "0.1")
                .with("budgets.on_spent", "downgrade")
                .with("budgets.allowed_tiers", "complex")
                .with("targets.dear.model", "dear")
                .with("targets.cheap.model", "cheap")
                .with("tiers.simple.chain", "cheap")
                .with("tiers.medium.chain", "cheap,dear")
                .with("tiers.complex.chain", "dear");
    }

    /** The dear model's worst case is the whole budget; the cheap one always fits. */
    private static Path prices(Path directory) {
        try {
            return Files.writeString(
                    directory.resolve("prices.yaml"),
                    "models: {dear: {input: 0, output: 0.001}, cheap: {input: 0, output: 0.00001}}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Workload.Line line(String tenant, String id) {
        return new Workload.Line(tenant, id, """
                {"custom_id":"%s","tenant":"%s","task":"complex","body":{"model":"auto","max_tokens":100,\
                "messages":[{"role":"user","content":"hello"}]}}""".formatted(id, tenant));
    }

    private static List<String> alerts(Rig rig) {
        try (TopicReader reader =
                new TopicReader(rig.bootstrap(), Map.of(rig.topics().names().alerts(), Role.USAGE))) {
            return reader.readToEnd().stream()
                    .map(observed -> observed.message().value())
                    .toList();
        }
    }
}
