package dev.penstock.dispatch;

import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.Request;
import dev.penstock.work.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long one attempt may take: as the request says, within the bounds of its target, else the target, else the tier; always
 * inside the deadline.
 */
final class AttemptTimeouts {

    private final Map<String, TargetConfig> targets;

    AttemptTimeouts(Map<String, TargetConfig> targets) {
        this.targets = Map.copyOf(targets);
    }

    Duration of(Request request, Route route, String target, Instant deadline, Instant now) {
        Duration left = Duration.between(now, deadline);
        Duration most = of(request, route, target);
        return left.compareTo(most) < 0 ? left : most;
    }

    /** The longest that any attempt along the chain may take. */
    Duration longest(Request request, Route route) {
        return route.chain().stream()
                .map(target -> of(request, route, target))
                .max(Duration::compareTo)
                .orElse(route.timeout());
    }

    private Duration of(Request request, Route route, String target) {
        @Nullable TargetConfig config = targets.get(target);
        Duration usual = usual(route, target);
        return request.attemptTimeout() == null || config == null
                ? usual
                : config.asked().within(request.attemptTimeout(), usual);
    }

    /** What an attempt there is given where neither the request nor its deadline says otherwise. */
    Duration usual(Route route, String target) {
        @Nullable TargetConfig config = targets.get(target);
        return config == null || config.timeout() == null ? route.timeout() : config.timeout();
    }
}
