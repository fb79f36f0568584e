package dev.penstock.pipeline;

import static dev.penstock.pipeline.Requests.codes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that take a cheaper tier where their budget holds no dearer one. */
class BudgetDowngradeTest extends TenCentFlow {

    private TestPipeline nearTheEndOfABudgetForOneAllowedTier() {
        return pipeline(
                "budgets.max_budget=0.15",
                "budgets.on_spent=downgrade",
                "budgets.allowed_tiers=complex",
                "targets.dear.model=dear",
                "targets.cheap.model=cheap",
                "tiers.simple.chain=cheap",
                "tiers.medium.chain=cheap,dear",
                "tiers.complex.chain=dear");
    }

    @Test
    void shouldTakeACheaperTierWhenAskedTo() {
        // Given
        TestPipeline pipeline = pipeline(
                "budgets.max_budget=0.11",
                "budgets.on_spent=downgrade",
                "targets.dear.model=dear",
                "targets.cheap.model=cheap",
                "tiers.simple.chain=cheap",
                "tiers.medium.chain=cheap",
                "tiers.complex.chain=dear");
        pipeline.send("acme", request("a-1", "tier:complex", ""));
        pipeline.send("acme", request("a-2", "tier:complex", ""));

        // When
        pipeline.send("acme", request("a-3", "tier:complex", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.state().target())
                .containsExactly("dear", "cheap");
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldRefuseAnOpenRequestWhoseOnlyAffordableTierIsNotAllowed() {
        // Given
        TestPipeline pipeline = nearTheEndOfABudgetForOneAllowedTier();
        pipeline.send("acme", request("a-1", "auto", ",\"task\":\"complex\""));
        pipeline.commit();
        pipeline.takeLaunched();

        // When
        pipeline.send("acme", request("a-2", "auto", ",\"task\":\"complex\""));
        pipeline.send("other", request("o-1", "auto", ",\"task\":\"complex\""));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.state().target())
                .containsExactly("dear");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldSayThatTheBudgetIsExceededWhereTheAllowedTierWasAskedFor() {
        // Given
        TestPipeline pipeline = nearTheEndOfABudgetForOneAllowedTier();
        pipeline.send("acme", request("a-1", "tier:complex", ""));

        // When
        pipeline.send("acme", request("a-2", "tier:complex", ""));
        pipeline.send("other", request("o-1", "tier:complex", ""));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.state().target())
                .containsExactly("dear", "dear");
    }
}
