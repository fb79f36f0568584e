package dev.penstock.topics;

import dev.penstock.config.KafkaProperties;
import java.util.Map;
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
        return line(failure, KafkaProperties.of(Map.of("bootstrap.servers", servers)));
    }

    /**
     * As {@link #line(Throwable, String)}, of clients that were made or were to be made with these properties, whose secrets stay out whatever the
     * failure quotes.
     */
    public static String line(Throwable failure, KafkaProperties kafka) {
        String servers = kafka.getOrDefault("bootstrap.servers", "");
        Throwable cause = root(failure);
        return switch (cause) {
            case TimeoutException slow ->
                "kafka: no answer from " + servers + " in time (expected: a broker that can be reached there)";
            case DisconnectException cut ->
                "kafka: " + servers
                        + " closed the connection (expected: a broker that speaks TLS, or plain text, as set)";
            case SslAuthenticationException tls -> "kafka: TLS: " + text(tls, kafka);
            case AuthenticationException refused -> "kafka: not let in: " + text(refused, kafka);
            case AuthorizationException denied -> "kafka: not allowed: " + text(denied, kafka);
            case UnsupportedVersionException old ->
                "kafka: " + servers + " is too old (expected: brokers of Kafka 3.0 or newer)";
            case ConfigException wrong ->
                text(wrong, kafka).startsWith(UNRESOLVED)
                        ? "kafka: " + servers + ": no such host (expected: hosts that have an address)"
                        : "kafka: " + text(wrong, kafka);
            default -> "kafka: " + text(cause, kafka);
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

    private static String text(Throwable failure, KafkaProperties kafka) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        String line =
                kafka.withoutSecrets(message).lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
        return line.substring(0, Math.min(line.length(), MAX_CHARS));
    }
}
