package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.Role;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A long conversation is shortened on its way to the provider, before the first attempt or when the provider refuses it as too
 * long; and what asks for savings that cannot be is told what is wrong.
 */
@Execution(ExecutionMode.CONCURRENT)
class TrimmedIT {

    private static final String LONG_TURN = "word ".repeat(2_000);

    @Test
    void shouldShortenWhatMayBeShortenedAndNameTheFieldOfWhatIsWrong() {
        try (Rig rig = Rig.start("trimmed")) {
            // Given
            rig.fake().follow("context_tokens: 2200");
            rig.launch(rig.spec("one").with("provider.unlisted_models", "refuse"))
                    .awaitReady();

            // When
            rig.sender()
                    .send(List.of(
                            line("trimmed", ",\"trim\":{\"max_input_tokens\":500}", "auto"),
                            line("refused-once", ",\"trim\":{\"max_input_tokens\":100000}", "auto"),
                            line("whole", ",\"trim\":\"never\"", "auto"),
                            line("short-budget", ",\"trim\":{\"max_input_tokens\":1}", "auto"),
                            line("cache-word", ",\"cache\":\"sometimes\"", "auto"),
                            line("cache-ttl", ",\"cache\":{\"ttl_ms\":-1}", "auto"),
                            line("no-tier", "", "tier:gold"),
                            line("no-model", "", "somebody-elses-model")));
            rig.awaitAllEnds();

            // Then
            assertThat(ResultSections.of(rig)).hasSize(2).allSatisfy(result -> {
                assertThat(result.path("trimmed_tokens").asLong()).isGreaterThan(500);
                assertThat(result.path("usage").path("prompt_tokens").asLong()).isBetween(1L, 2_200L);
            });
            assertThat(ResultSections.of(rig))
                    .extracting(result -> result.path("attempts").size())
                    .containsExactlyInAnyOrder(1, 2);
            assertThat(reasons(rig))
                    .hasSize(6)
                    .hasEntrySatisfying("whole", why -> assertThat(why).startsWith("provider.context_length: "))
                    .hasEntrySatisfying(
                            "short-budget",
                            why -> assertThat(why)
                                    .startsWith("trimming.cannot_fit: ")
                                    .contains("trim.max_input_tokens"))
                    .hasEntrySatisfying("cache-word", why -> assertThat(why).startsWith("intake.invalid_field: cache"))
                    .hasEntrySatisfying(
                            "cache-ttl", why -> assertThat(why).startsWith("intake.invalid_field: cache.ttl_ms"))
                    .hasEntrySatisfying(
                            "no-tier", why -> assertThat(why).startsWith("tiering.unknown_tier: body.model"))
                    .hasEntrySatisfying("no-model", why -> assertThat(why).startsWith("tiering.no_target: body.model"));
        }
    }

    private static Workload.Line line(String name, String more, String model) {
        String json = """
                {"custom_id":"%s","tenant":"saver"%s,"body":{"model":"%s","max_completion_tokens":50,"messages":[\
                {"role":"system","content":"be brief"},{"role":"user","content":"%s"},\
                {"role":"assistant","content":"yes"},{"role":"user","content":"and now?"}]}}""".formatted(name, more, model, LONG_TURN);
        return new Workload.Line("saver", name, json);
    }

    /** Codes and details of dead letters, by the name of the request. */
    private static Map<String, String> reasons(Rig rig) {
        Map<String, String> reasons = new TreeMap<>();
        rig.recorder()
                .history()
                .of(Event.Observed.class)
                .filter(observed -> observed.role() == Role.DEAD_LETTERS)
                .forEach(letter -> reasons.put(
                        JsonMapper.shared()
                                .readTree(letter.message().value())
                                .path("custom_id")
                                .asString(),
                        letter.message().headers().get("llm.dlq.code") + ": "
                                + letter.message().headers().get("llm.dlq.detail")));
        return reasons;
    }
}
