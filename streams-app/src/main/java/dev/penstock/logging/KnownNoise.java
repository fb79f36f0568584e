package dev.penstock.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;

/** Drops what libraries say of things that are normal here. Each entry says why it is. */
final class KnownNoise extends Filter<ILoggingEvent> {

    private static final List<Noise> NOISE = List.of(
            // Said by every broker that stops.
            new Noise("NetworkClient", "Attempting to close NetworkClient that has already been closed"),
            // `demo` and `dev` keep nothing, on purpose.
            new Noise("StateDirectory", "Using an OS temp directory in the state.dir"),
            // The second batch of a new transaction overtook the first while the broker verified it; the producer sends
            // it again.
            new Noise("ReplicaManager", "Error processing append operation on partition"));

    private record Noise(String logger, String text) {
        boolean isHeardIn(ILoggingEvent event) {
            return event.getLoggerName().endsWith(logger)
                    && event.getFormattedMessage().contains(text)
                    && (event.getThrowableProxy() == null
                            || event.getThrowableProxy().getClassName().endsWith("OutOfOrderSequenceException"));
        }
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return NOISE.stream().anyMatch(noise -> noise.isHeardIn(event)) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
