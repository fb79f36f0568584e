package dev.penstock.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.schemas.CacheDirective;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CachePolicyTest {

    private static final Duration DAY = Duration.ofHours(24);
    private static final CacheDirective DEFAULT = new CacheDirective.Default();
    private static final CacheDirective BYPASS = new CacheDirective.Bypass();
    private static final CacheDirective REFRESH = new CacheDirective.Refresh();
    private static final CacheDirective MINUTE = new CacheDirective.Ttl(Duration.ofMinutes(1));
    private static final CacheDefault HOUR = new CacheDefault(true, Duration.ofHours(1));
    private static final CacheDefault WEEK = new CacheDefault(true, Duration.ofDays(7));

    private final CachePolicy policy = new CachePolicy(DAY);

    static Stream<Arguments> decisions() {
        CacheDecision skip = new CacheDecision.Skip();
        return Stream.of(
                Arguments.of(DEFAULT, CacheDefault.UNSET, CacheDefault.UNSET, lookup(DAY)),
                Arguments.of(DEFAULT, HOUR, CacheDefault.UNSET, lookup(Duration.ofHours(1))),
                Arguments.of(DEFAULT, CacheDefault.UNSET, WEEK, lookup(Duration.ofDays(7))),
                Arguments.of(DEFAULT, WEEK, HOUR, lookup(Duration.ofHours(1))),
                Arguments.of(DEFAULT, CacheDefault.OFF, HOUR, skip),
                Arguments.of(DEFAULT, HOUR, CacheDefault.OFF, skip),
                Arguments.of(BYPASS, HOUR, HOUR, skip),
                Arguments.of(REFRESH, CacheDefault.UNSET, HOUR, refresh(Duration.ofHours(1))),
                Arguments.of(REFRESH, CacheDefault.OFF, CacheDefault.UNSET, refresh(DAY)),
                Arguments.of(MINUTE, HOUR, WEEK, lookup(Duration.ofMinutes(1))),
                Arguments.of(MINUTE, CacheDefault.OFF, CacheDefault.OFF, lookup(Duration.ofMinutes(1))));
    }

    private static CacheDecision lookup(Duration ttl) {
        return new CacheDecision.Lookup(ttl);
    }

    private static CacheDecision refresh(Duration ttl) {
        return new CacheDecision.Refresh(ttl);
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void shouldFollowTheRequestThenTheDefaults(
            CacheDirective directive, CacheDefault tenant, CacheDefault task, CacheDecision expected) {
        assertThat(policy.decide(directive, tenant, task)).isEqualTo(expected);
    }

    @Test
    void shouldRefuseATimeToLiveThatIsNone() {
        assertThatThrownBy(() -> new CacheDefault(true, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ttl: PT0S (expected: longer than zero)");
    }
}
