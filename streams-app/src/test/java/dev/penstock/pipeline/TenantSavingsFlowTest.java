package dev.penstock.pipeline;

import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.Trim;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What tenants' policies say of the cache, of prompts that are too long and of shared prompts. */
class TenantSavingsFlowTest {

    private static final String BUDGETS = "budgets.enabled=true";
    private static final String CACHE = "cache.enabled=true";

    private TestPipeline pipeline = new TestPipeline(BUDGETS, CACHE);

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldKeepATenantOutOfTheCache() {
        // Given
        pipeline.govern("personal", "{\"cache\":\"bypass\"}");
        pipeline.govern("plain", "{\"cache\":\"default\"}");

        // When
        askTwice("personal");
        askTwice("plain");
        askTwice("nobody");

        // Then
        assertThat(tenants()).containsExactly("personal", "personal", "plain", "nobody");
    }

    @Test
    void shouldLetATenantIntoTheCacheThatIsOffForOthers() {
        // Given
        pipeline.close();
        pipeline = new TestPipeline(BUDGETS);
        pipeline.govern("keen", "{\"cache\":{\"ttl_ms\":60000}}");

        // When
        askTwice("keen");
        askTwice("nobody");

        // Then
        assertThat(tenants()).containsExactly("keen", "nobody", "nobody");
    }

    @Test
    void shouldLetARequestSayOtherwise() {
        // Given
        pipeline.govern("personal", "{\"cache\":\"bypass\"}");

        // When
        pipeline.send("personal", request("a-1", ",\"cache\":{\"ttl_ms\":60000}"));
        pipeline.send("personal", request("a-2", ",\"cache\":{\"ttl_ms\":60000}"));
        pipeline.commit();

        // Then
        assertThat(tenants()).containsExactly("personal");
    }

    @Test
    void shouldShortenPromptsAsTheTenantsPolicySaysUnlessTheRequestDoes() {
        // Given
        pipeline.govern("chatty", "{\"trim\":{\"max_input_tokens\":800}}");
        pipeline.govern("exact", "{\"trim\":\"never\"}");

        // When
        pipeline.send("chatty", unlike("a-1", ""));
        pipeline.send("chatty", unlike("a-2", ",\"trim\":{\"max_input_tokens\":50}"));
        pipeline.send("chatty", unlike("a-3", ",\"trim\":\"never\""));
        pipeline.send("exact", unlike("a-4", ""));
        pipeline.send("nobody", unlike("a-5", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.request().trim())
                .containsExactly(new Trim(800), new Trim(50), Trim.NEVER, Trim.NEVER, null);
    }

    /** A shared prompt is not shortened, so who is to be asked for less goes alone. */
    @Test
    void shouldShareNoPromptWhereTheTenantsAreShortened() {
        // Given
        pipeline.close();
        pipeline = new TestPipeline(BUDGETS, BatchRig.ON);
        pipeline.govern("chatty", "{\"trim\":{\"max_input_tokens\":800}}");
        pipeline.govern("exact", "{\"trim\":\"never\"}");

        // When
        for (String tenant : List.of("chatty", "exact")) {
            pipeline.send(tenant, BatchRig.request(tenant + "-1", ""));
            pipeline.send(tenant, BatchRig.request(tenant + "-2", ""));
        }
        pipeline.advance(BatchRig.WINDOW);
        pipeline.commit();

        // Then
        assertThat(tenants()).containsExactly("chatty", "chatty", "exact");
    }

    private void askTwice(String tenant) {
        pipeline.send(tenant, request(tenant + "-1", ""));
        pipeline.send(tenant, request(tenant + "-2", ""));
        pipeline.commit();
    }

    private static String unlike(String name, String more) {
        return request(name, more).replace("hello", name);
    }

    private List<String> tenants() {
        return pipeline.takeLaunched().stream()
                .map(Launch::ticket)
                .map(ticket -> ticket.tenant())
                .toList();
    }
}
