package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.RequestId;
import dev.penstock.work.Reservations.Answer;
import dev.penstock.work.Route;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReroutesTest {

    private static final RequestId ID = Calls.ticket(1).id();

    private final Reroutes reroutes = new Reroutes();

    @Test
    void shouldRefuseARouteThatTheCallHadInThePass() {
        // Given
        Answer.Denied first = reroutes.refuses(ID, tier("complex"), instead("simple", DeadLetterCode.BUDGET_EXCEEDED));

        // When
        Answer.Denied back =
                reroutes.refuses(ID, tier("simple"), instead("complex", DeadLetterCode.BUDGET_TIER_NOT_ALLOWED));

        // Then
        assertThat(first).isNull();
        assertThat(back).isNotNull().extracting(Answer.Denied::code).isEqualTo(DeadLetterCode.BUDGET_EXCEEDED);
    }

    @Test
    void shouldRefuseARouteThatDiffersInItsReasonOnly() {
        // Given
        Route because = new Route("complex", List.of("complex"), null, Duration.ofSeconds(60), "a long prompt");
        reroutes.refuses(ID, because, instead("simple", DeadLetterCode.BUDGET_EXCEEDED));

        // When
        Answer.Denied back = reroutes.refuses(ID, tier("simple"), instead("complex", DeadLetterCode.BUDGET_EXCEEDED));

        // Then
        assertThat(back).isNotNull();
    }

    @Test
    void shouldGiveACallSoManyRoutesAndNoMore() {
        // Given
        int given = 0;
        Route route = tier("tier-0");

        // When
        for (int i = 1; i <= 1_000; i++) {
            Answer.Instead next = instead("tier-" + i, DeadLetterCode.BUDGET_EXCEEDED);
            if (reroutes.refuses(ID, route, next) == null) {
                given++;
                route = next.route();
            }
        }

        // Then
        assertThat(given).isEqualTo(Reroutes.MAX);
    }

    @Test
    void shouldForgetRoutesWithThePass() {
        // Given
        reroutes.refuses(ID, tier("complex"), instead("simple", DeadLetterCode.BUDGET_EXCEEDED));

        // When
        reroutes.clear();

        // Then
        assertThat(reroutes.refuses(ID, tier("simple"), instead("complex", DeadLetterCode.BUDGET_EXCEEDED)))
                .isNull();
    }

    private static Route tier(String name) {
        return new Route(name, List.of(name), null, Duration.ofSeconds(60));
    }

    private static Answer.Instead instead(String tier, DeadLetterCode insteadOf) {
        return new Answer.Instead(tier(tier), insteadOf);
    }
}
