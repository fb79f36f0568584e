package dev.penstock.topics;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Says in one line why Kafka did not do what was asked. */
public final class KafkaFailure {

    private static final int MAX_CHARS = 300;
    private static final String UNRESOLVED = "No resolvable bootstrap urls";

    private KafkaFailure() {}

    /**
     * One line for a person. Client properties and stack traces stay out.
     *
     * @param servers what to call the broker
     */
    public static String line(Throwable failure, String servers) {
        Throwable cause = root(failure);
        return switch (cause) {
            case TimeoutException slow ->
                "kafka: no answer from " + servers + " in time (expected: a broker that can be reached there)";
            case DisconnectException cut ->
                "kafka: " + servers
                        + " closed the connection (expected: a broker that speaks TLS, or plain text, as set)";
            case SslAuthenticationException tls -> "kafka: TLS: " + text(tls);
            case AuthenticationException refused -> "kafka: not let in: " + text(refused);
            case AuthorizationException denied -> "kafka: not allowed: " + text(denied);
            case UnsupportedVersionException old ->
                "kafka: " + servers + " is too old (expected: brokers of Kafka 3.0 or newer)";
            case ConfigException wrong ->
                text(wrong).startsWith(UNRESOLVED)
                        ? "kafka: " + servers + ": no such host (expected: hosts that have an address)"
                        : "kafka: " + text(wrong);
            default -> "kafka: " + text(cause);
        };
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof ExecutionException
                        || cause instanceof CompletionException
                        || cause.getClass() == KafkaException.class)) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        String line = message.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
        return line.substring(0, Math.min(line.length(), MAX_CHARS));
    }
}
