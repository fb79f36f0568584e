package dev.penstock.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Priority;
import dev.penstock.work.RequestId;
import dev.penstock.work.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.JsonNodeFactory;

class CoalescingPolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RequestId LEADER = new RequestId("llm.requests", 0, 1);
    private static final Flight NORMAL = new Flight(LEADER, Priority.NORMAL);
    private static final CacheDecision LOOKUP = new CacheDecision.Lookup(Duration.ofHours(1));
    private static final CacheDecision REFRESH = new CacheDecision.Refresh(Duration.ofHours(1));
    private static final CacheDecision SKIP = new CacheDecision.Skip();

    private final CoalescingPolicy policy = new CoalescingPolicy();

    static Stream<Arguments> arrivals() {
        CoalescingDecision lead = new CoalescingDecision.Lead();
        CoalescingDecision follow = new CoalescingDecision.Follow(LEADER);
        CoalescingDecision alone = new CoalescingDecision.Alone();
        return Stream.of(
                Arguments.of(LOOKUP, null, Priority.BULK, lead),
                Arguments.of(LOOKUP, NORMAL, Priority.NORMAL, follow),
                Arguments.of(LOOKUP, NORMAL, Priority.BULK, follow),
                Arguments.of(LOOKUP, NORMAL, Priority.INTERACTIVE, lead),
                Arguments.of(REFRESH, NORMAL, Priority.BULK, lead),
                Arguments.of(REFRESH, null, Priority.NORMAL, lead),
                Arguments.of(SKIP, NORMAL, Priority.NORMAL, alone),
                Arguments.of(SKIP, null, Priority.NORMAL, alone));
    }

    @ParameterizedTest
    @MethodSource("arrivals")
    void shouldSayWhoCallsAndWhoWaits(
            CacheDecision cache, @Nullable Flight flight, Priority priority, CoalescingDecision expected) {
        assertThat(policy.arrive(cache, flight, priority)).isEqualTo(expected);
    }

    @Test
    void shouldShareAnAnswer() {
        // Given
        Verdict answer = new Verdict.Answer(
                200, null, JsonNodeFactory.instance.objectNode(), "p", "m", null, List.of(), null, NOW, NOW);

        // When
        FollowersDecision decision = policy.ended(answer);

        // Then
        assertThat(decision).isEqualTo(new FollowersDecision.Share());
    }

    @ParameterizedTest
    @EnumSource(
            value = DeadLetterCode.class,
            names = {
                "PROVIDER_BAD_REQUEST",
                "PROVIDER_CONTENT_REFUSED",
                "PROVIDER_CONTEXT_LENGTH",
                "TIERING_UNKNOWN_TIER"
            })
    void shouldFailEachWhereTheRequestIsAtFault(DeadLetterCode code) {
        // Given
        Verdict.Failure failure = Verdict.Failure.of(code, 1, "why");

        // When
        FollowersDecision decision = policy.ended(failure);

        // Then
        assertThat(decision).isEqualTo(new FollowersDecision.FailEach(failure));
    }

    @ParameterizedTest
    @EnumSource(
            value = DeadLetterCode.class,
            names = {"PROVIDER_TIMEOUT", "PROVIDER_UNAVAILABLE", "PROVIDER_SERVER_ERROR", "PROVIDER_CREDENTIALS"})
    void shouldReleaseEachOnItsOwnAccountWhereTheCallFailed(DeadLetterCode code) {
        assertThat(policy.ended(Verdict.Failure.of(code, 3, "why"))).isEqualTo(new FollowersDecision.ReleaseEach());
    }

    @ParameterizedTest
    @EnumSource(
            value = DeadLetterCode.class,
            names = {"DISPATCH_DEADLINE", "DISPATCH_IN_DOUBT", "DISPATCH_LOST", "DISPATCH_ENTRY_TOO_LARGE"})
    void shouldHandOverWhereOnlyTheLeaderIsGone(DeadLetterCode code) {
        assertThat(policy.ended(Verdict.Failure.of(code, 0, "why"))).isEqualTo(new FollowersDecision.HandOver());
    }
}
