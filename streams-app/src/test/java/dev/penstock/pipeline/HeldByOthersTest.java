package dev.penstock.pipeline;

import static dev.penstock.pipeline.Requests.codes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A budget holds a tenant's calls although others have filled all bytes that the partition may hold. */
class HeldByOthersTest extends TenCentFlow {

    @Test
    void shouldHoldATenantsFirstCallHoweverMuchOthersHold() {
        // Given
        TestPipeline pipeline = pipeline(
                "budgets.max_budget=0.10",
                "budgets.budget_duration=1h",
                "budgets.on_spent=hold",
                "budgets.max_held_bytes=1MiB",
                "budgets.max_held_partition_bytes=2MiB");
        for (String tenant : List.of("first", "second", "third")) {
            for (int i = 0; i < 6; i++) {
                pipeline.send(tenant, large("a-" + i));
            }
        }
        pipeline.commit();
        pipeline.deadLetters();

        // When
        pipeline.send("other", request("b-0"));
        pipeline.send("other", large("b-1"));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).isEmpty();
        assertThat(pipeline.waiting().held()).isGreaterThan(6);
    }

    private static String large(String id) {
        return request(id).replace("hello", "x".repeat(200_000));
    }
}
