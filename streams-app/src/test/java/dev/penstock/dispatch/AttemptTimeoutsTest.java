package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.work.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The request before the target, the target before the tier, and the deadline over all. */
class AttemptTimeoutsTest {

    private static final Instant FAR = NOW.plus(Duration.ofHours(1));

    private final Route route = new Route("simple", List.of("own", "plain"), null, Duration.ofSeconds(30));
    private final AttemptTimeouts timeouts = new AttemptTimeouts(PenstockConfig.of(
                    "targets.own.timeout=7s",
                    "targets.bounded.min_timeout=2s",
                    "targets.bounded.max_timeout=40s",
                    "targets.quick.timeout=300ms",
                    "targets.quick.connect_timeout=300ms",
                    "targets.slow.timeout=30m",
                    "targets.plain.model=m",
                    "tiers.simple.chain=own,plain",
                    "tiers.medium.chain=own",
                    "tiers.complex.chain=own")
            .targets()
            .stream()
            .collect(Collectors.toMap(TargetConfig::name, Function.identity())));

    private Duration of(@Nullable Duration asked, String target, Instant deadline) {
        return timeouts.of(Calls.requestWithin(asked), route, target, deadline, NOW);
    }

    @Test
    void shouldTakeTheTargetsOwnAndElseTheTiers() {
        assertThat(of(null, "own", FAR)).isEqualTo(Duration.ofSeconds(7));
        assertThat(of(null, "plain", FAR)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void shouldTakeWhatTheRequestSaysForEveryTargetLongerOrShorter() {
        assertThat(of(Duration.ofSeconds(3), "own", FAR)).isEqualTo(Duration.ofSeconds(3));
        assertThat(of(Duration.ofSeconds(50), "own", FAR)).isEqualTo(Duration.ofSeconds(50));
        assertThat(of(Duration.ofSeconds(50), "plain", FAR)).isEqualTo(Duration.ofSeconds(50));
        assertThat(timeouts.longest(Calls.requestWithin(Duration.ofSeconds(3)), route))
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void shouldEndEveryAttemptByTheDeadline() {
        Instant soon = NOW.plusSeconds(2);
        assertThat(of(null, "own", soon)).isEqualTo(Duration.ofSeconds(2));
        assertThat(of(Duration.ofSeconds(50), "plain", soon)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldTellWhatIsUsual() {
        assertThat(timeouts.usual(route, "own")).isEqualTo(Duration.ofSeconds(7));
        assertThat(timeouts.usual(route, "plain")).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void shouldKeepWhatRequestsSayBetweenTheBoundsOfTheTarget() {
        assertThat(of(Duration.ofMillis(1), "plain", FAR)).isEqualTo(Duration.ofSeconds(1));
        assertThat(of(Duration.ofHours(1), "plain", FAR)).isEqualTo(Duration.ofMinutes(10));
        assertThat(of(Duration.ofMillis(1), "bounded", FAR)).isEqualTo(Duration.ofSeconds(2));
        assertThat(of(Duration.ofHours(1), "bounded", FAR)).isEqualTo(Duration.ofSeconds(40));
        assertThat(timeouts.longest(Calls.requestWithin(Duration.ofHours(1)), route))
                .isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void shouldLetRequestsAskForWhatIsUsualWhateverTheBounds() {
        assertThat(of(Duration.ofMillis(1), "quick", FAR)).isEqualTo(Duration.ofMillis(300));
        assertThat(of(Duration.ofHours(1), "slow", FAR)).isEqualTo(Duration.ofMinutes(30));
    }

    /** What is left until the deadline is for the request to use, however little it is. */
    @Test
    void shouldRaiseNothingPastTheDeadline() {
        assertThat(of(Duration.ofMillis(1), "plain", NOW.plusMillis(20))).isEqualTo(Duration.ofMillis(20));
    }
}
