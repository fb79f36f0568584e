package dev.penstock.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.event.KeyValuePair;

/**
 * Lets one warning a minute through for each cause that clients of a broker report, Kafka's and the valve on the pipeline's consumer,
 * and says with the next one how many it held back. Every client of every stream thread tries again several times a second
 * while a broker is away, and warns each time.
 */
final class RepeatedWarnings extends Filter<ILoggingEvent> {

    private static final List<String> CLIENTS =
            List.of("org.apache.kafka.", "dev.penstock.pipeline.ValvedSources", "dev.penstock.pipeline.SourceEnds");
    private static final String SUPPRESSED = "suppressed";
    private static final long PACE_MILLIS = Duration.ofMinutes(1).toMillis();

    /** Causes that are remembered at most; beyond that nothing is held back. */
    private static final int MAX_CAUSES = 500;

    private static final Pattern CLIENT = Pattern.compile("^(\\[[^]]*] |stream-thread \\S+ )+");
    /** What differs between two warnings of one cause: numbers, addresses, partitions and what else holds a digit. */
    private static final Pattern DETAIL = Pattern.compile("\\S*\\d\\S*");

    private final Map<String, Repeated> causes = new HashMap<>();

    private static final class Repeated {
        private long loggedAt;
        private long suppressed;

        Repeated(long loggedAt) {
            this.loggedAt = loggedAt;
        }
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getLevel().equals(Level.WARN) && CLIENTS.stream().anyMatch(event.getLoggerName()::startsWith)
                ? decideOn(event)
                : FilterReply.NEUTRAL;
    }

    private synchronized FilterReply decideOn(ILoggingEvent event) {
        long now = event.getTimeStamp();
        String cause = cause(event);
        Repeated repeated = causes.get(cause);
        if (repeated == null) {
            remember(cause, now);
            return FilterReply.NEUTRAL;
        }
        if (now - repeated.loggedAt < PACE_MILLIS) {
            repeated.suppressed++;
            return FilterReply.DENY;
        }
        if (repeated.suppressed > 0 && event instanceof LoggingEvent line) {
            line.addKeyValuePair(new KeyValuePair(SUPPRESSED, repeated.suppressed));
        }
        repeated.loggedAt = now;
        repeated.suppressed = 0;
        return FilterReply.NEUTRAL;
    }

    private void remember(String cause, long now) {
        if (causes.size() >= MAX_CAUSES) {
            causes.values().removeIf(old -> now - old.loggedAt >= PACE_MILLIS);
        }
        if (causes.size() < MAX_CAUSES) {
            causes.put(cause, new Repeated(now));
        }
    }

    /** Whichever client it was: they all depend on the same brokers. */
    private static String cause(ILoggingEvent event) {
        String text = CLIENT.matcher(event.getFormattedMessage()).replaceFirst("");
        return event.getLoggerName() + ' ' + DETAIL.matcher(text).replaceAll("#");
    }
}
