package dev.penstock.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.regex.Pattern;

/** Drops what libraries say of things that are normal here. Each entry says why it is. */
final class KnownNoise extends Filter<ILoggingEvent> {

    private static final List<Noise> NOISE = List.of(
            // Said by every broker that stops.
            new Noise("NetworkClient", "Attempting to close NetworkClient that has already been closed"),
            // `demo` and `dev` keep nothing, on purpose.
            new Noise("StateDirectory", "Using an OS temp directory in the state\\.dir"),
            // A transaction began before the markers of the last one were written (KAFKA-18654: normal, to be
            // retried). The batch is refused, those behind it are out of order then, and the producer sends all of
            // them again, in their order. What cannot be sent again has another text, and fails the transaction.
            // Without a transaction it is no noise: the producer's batches have overtaken one another.
            new Noise(
                    "producer.internals.Sender",
                    "transactionalId=.*Got error produce response .*, retrying .*Error: (CONCURRENT_TRANSACTIONS|OUT_OF_ORDER_SEQUENCE_NUMBER)"),
            // The same, as the broker says it.
            new Noise("ReplicaManager", "Error processing append operation on partition"),
            // After an unclean stop the stores are not to be trusted, and are restored. Streams warns of it besides.
            new Noise("TaskManager", "Get exceptions for the following tasks: \\{[^=]+=\\S*TaskCorruptedException"),
            // Two clients of a new broker need its internal topic at once; one of them asks second.
            new Noise(
                    "DefaultAutoTopicCreationManager",
                    "failed for __transaction_state with error 'TOPIC_ALREADY_EXISTS'"));

    private record Noise(String logger, Pattern text) {
        Noise(String logger, String text) {
            this(logger, Pattern.compile(text));
        }

        boolean isHeardIn(ILoggingEvent event) {
            return event.getLoggerName().endsWith(logger)
                    && text.matcher(event.getFormattedMessage()).find()
                    && (event.getThrowableProxy() == null
                            || event.getThrowableProxy().getClassName().endsWith("OutOfOrderSequenceException"));
        }
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return NOISE.stream().anyMatch(noise -> noise.isHeardIn(event)) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
