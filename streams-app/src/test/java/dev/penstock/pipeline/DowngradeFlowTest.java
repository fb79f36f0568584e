package dev.penstock.pipeline;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.WireCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cheaper tiers where the allowed ones do not fit: both rules ask for a route, and neither may undo the other for ever. */
class DowngradeFlowTest {

    @TempDir
    private Path dir;

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldEndARequestWhoseOnlyAffordableTierIsNotAllowed() throws IOException {
        // Given
        try (TestPipeline pipeline = complexOnly()) {
            pipeline.send("acme", request("a-1", "auto", ",\"task\":\"complex\""));
            pipeline.commit();
            assertThat(pipeline.takeLaunched()).hasSize(1);

            // When
            pipeline.send("acme", request("a-2", "auto", ",\"task\":\"complex\""));
            pipeline.commit();

            // Then
            assertThat(pipeline.takeLaunched()).isEmpty();
            assertThat(Requests.codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
        }
    }

    @Test
    void shouldDenyForTheBudgetAndNotForATierThatNobodyAskedFor() throws IOException {
        // Given
        try (TestPipeline pipeline = complexOnly()) {
            pipeline.send("acme", request("a-1", "tier:complex", ""));
            pipeline.commit();

            // When
            pipeline.send("acme", request("a-2", "tier:complex", ""));
            pipeline.commit();

            // Then
            assertThat(Requests.codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
        }
    }

    @Test
    void shouldNotKeepTheAnswerOfACheaperTierForThoseWhoAskWhenTheBudgetIsReset() throws Exception {
        // Given: a budget of a day that holds one call at the tier asked for, and one at the cheaper
        try (TestPipeline pipeline = downgrading("cache.enabled=true")) {
            pipeline.send("acme", asking("a-1", "one"));
            pipeline.commit();
            Launch dear = pipeline.takeOneLaunched();
            pipeline.send("acme", asking("a-2", "two"));
            pipeline.send("acme", asking("a-3", "two"));
            pipeline.commit();
            Launch downgraded = pipeline.takeOneLaunched();
            pipeline.deliver(OutcomeFixtures.completed(dear, "dear"));
            pipeline.deliver(OutcomeFixtures.completed(downgraded, "cheap"));
            pipeline.commit();

            // When
            pipeline.advance(Duration.ofDays(1));
            pipeline.commit();
            pipeline.send("acme", asking("a-4", "two"));
            pipeline.send("acme", asking("a-5", "one"));
            pipeline.commit();

            // Then: who waited for the call shares its answer, who comes later does not
            assertThat(downgraded.route().tier()).isEqualTo("simple");
            assertThat(pipeline.takeLaunched()).singleElement().satisfies(again -> {
                assertThat(again.ticket().customId()).isEqualTo("a-4");
                assertThat(again.route().tier()).isEqualTo("complex");
            });
            assertThat(sources(pipeline))
                    .containsExactlyInAnyOrder(
                            entry("a-1", Source.PROVIDER),
                            entry("a-2", Source.PROVIDER),
                            entry("a-3", Source.COALESCED),
                            entry("a-5", Source.CACHE));
        }
    }

    @Test
    void shouldNotKeepAnswersOfASharedPromptThatACheaperTierGave() throws Exception {
        // Given
        try (TestPipeline pipeline = downgrading("cache.enabled=true", "batching.enabled=true")) {
            pipeline.send("acme", asking("a-1", "one"));
            pipeline.commit();
            pipeline.deliver(OutcomeFixtures.completed(pipeline.takeOneLaunched(), "dear"));
            String shared = ",\"batch\":\"allow\",\"task\":\"complex\"";
            pipeline.send("acme", request("a-2", "auto", shared).replace("hello", "two"));
            pipeline.send("acme", request("a-3", "auto", shared).replace("hello", "three"));
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
            Launch launch = pipeline.takeOneLaunched();
            pipeline.deliver(OutcomeFixtures.completed(launch, new SharedAnswers(launch).json()));
            pipeline.commit();

            // When
            int kept = pipeline.cache().kept;

            // Then
            assertThat(launch.route().tier()).isEqualTo("simple");
            assertThat(sources(pipeline)).hasSize(3);
            assertThat(kept).as("the first answer").isEqualTo(1);
        }
    }

    private static List<Map.Entry<String, Source>> sources(TestPipeline pipeline) throws Exception {
        List<Map.Entry<String, Source>> sources = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.results()) {
            Result result = new WireCodec().readResult(record.value());
            sources.add(entry(result.customId(), result.penstock().source()));
        }
        return sources;
    }

    private static String asking(String customId, String content) {
        return request(customId, "auto", ",\"task\":\"complex\"").replace("hello", content);
    }

    private TestPipeline downgrading(String... more) throws IOException {
        List<String> sets = new ArrayList<>(List.of(
                "budgets.enabled=true",
                "budgets.prices=" + prices(),
                "budgets.max_budget=0.15",
                "budgets.budget_duration=day",
                "budgets.on_spent=downgrade",
                "cache.ttl=7d",
                "targets.dear.model=dear",
                "targets.cheap.model=cheap",
                "tiers.simple.chain=cheap",
                "tiers.medium.chain=cheap,dear",
                "tiers.complex.chain=dear"));
        sets.addAll(List.of(more));
        return new TestPipeline(sets.toArray(String[]::new));
    }

    private TestPipeline complexOnly() throws IOException {
        return new TestPipeline(
                "budgets.enabled=true",
                "budgets.prices=" + prices(),
                "budgets.max_budget=0.15",
                "budgets.on_spent=downgrade",
                "budgets.allowed_tiers=complex",
                "targets.dear.model=dear",
                "targets.cheap.model=cheap",
                "tiers.simple.chain=cheap",
                "tiers.medium.chain=cheap,dear",
                "tiers.complex.chain=dear");
    }

    private Path prices() throws IOException {
        Path prices = dir.resolve("prices.yaml");
        Files.writeString(prices, """
            version: v-1
            models:
              dear: {input: 0, output: 0.001}
              cheap: {input: 0, output: 0.0001}
            """);
        return prices;
    }

    private static String request(String customId, String model, String more) {
        return "{\"custom_id\":\"" + customId + "\",\"body\":{\"model\":\"" + model
                + "\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}" + more + "}";
    }
}
