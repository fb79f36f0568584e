package dev.penstock.tracing;

import dev.penstock.config.TargetConfig;
import dev.penstock.provider.Provider;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import dev.penstock.work.CallTrace;
import dev.penstock.work.Origin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Costs nothing and loads no class of OpenTelemetry's. */
record NoTracing() implements Tracing {

    @Override
    public Provider around(TargetConfig target, Provider provider) {
        return provider;
    }

    @Override
    public CallTrace callTrace() {
        return CallTrace.AS_IT_CAME;
    }

    @Override
    public void ended(
            Origin origin,
            String tenant,
            Instant admittedAt,
            @Nullable Source source,
            @Nullable DeadLetterCode code,
            Instant now) {}

    @Override
    public void close() {}
}
