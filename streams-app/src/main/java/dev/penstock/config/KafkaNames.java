package dev.penstock.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is known about the names of Kafka client properties. */
final class KafkaNames {

    private static final Pattern SECRET = Pattern.compile(
            ".*(password|secret|jaas\\.config|passphrase|token|credential|ssl\\.keystore\\.key|private\\.key(?!\\.file)).*");
    /** Names that look like secrets and are not: places, times, algorithms. */
    private static final Pattern NOT_SECRET =
            Pattern.compile(".*(\\.(url|uri|path|file|location|ms|seconds|class|type|name|id|algorithm)|urls)$");

    private static final Pattern PASSWORD_INSIDE =
            Pattern.compile("://[^/\\s]*@|\\bpassword\\s*=", Pattern.CASE_INSENSITIVE);

    private static final Pattern SERVER = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:]+]):\\d{1,5}");
    private static final List<String> CLIENT_PREFIXES =
            List.of("main.consumer.", "restore.consumer.", "global.consumer.", "consumer.", "producer.", "admin.");

    private static final String GUARANTEE = "is fixed, the guarantees depend on it (leave it out)";
    private static final Map<String, String> OWNED = Map.ofEntries(
            Map.entry("application.id", "is set by application_id"),
            Map.entry("group.id", "is set by application_id"),
            Map.entry("group.instance.id", "is set by instance.id"),
            Map.entry("state.dir", "is set by instance.state_dir"),
            Map.entry("num.stream.threads", "is set by streams.threads"),
            Map.entry("commit.interval.ms", "is set by streams.commit_interval"),
            Map.entry("session.timeout.ms", "is set by streams.session_timeout"),
            Map.entry("transaction.timeout.ms", "is set by streams.transaction_timeout"),
            Map.entry("replication.factor", "is set by topics.replication"),
            Map.entry("processing.guarantee", GUARANTEE),
            Map.entry("group.protocol", GUARANTEE),
            Map.entry("isolation.level", GUARANTEE),
            Map.entry("acks", GUARANTEE),
            Map.entry("enable.idempotence", GUARANTEE),
            Map.entry("transactional.id", GUARANTEE),
            Map.entry("max.request.size", GUARANTEE),
            Map.entry("max.task.idle.ms", GUARANTEE),
            Map.entry("enable.auto.commit", GUARANTEE),
            Map.entry("auto.offset.reset", GUARANTEE),
            Map.entry("partitioner.class", GUARANTEE),
            Map.entry("key.serializer", GUARANTEE),
            Map.entry("value.serializer", GUARANTEE),
            Map.entry("key.deserializer", GUARANTEE),
            Map.entry("value.deserializer", GUARANTEE));

    private KafkaNames() {}

    static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SECRET.matcher(lower).matches() && !NOT_SECRET.matcher(lower).matches();
    }

    /** Whether a value has a password in it, whatever its name is. */
    static boolean holdsSecret(String text) {
        return PASSWORD_INSIDE.matcher(text).find();
    }

    /** Why a name may not be set, if it may not. */
    static Optional<String> ownedBecause(String name) {
        String bare = CLIENT_PREFIXES.stream()
                .filter(name::startsWith)
                .findFirst()
                .map(prefix -> name.substring(prefix.length()))
                .orElse(name);
        return Optional.ofNullable(OWNED.get(bare));
    }

    static boolean isServerList(String text) {
        for (String server : text.split(",", -1)) {
            if (!SERVER.matcher(server.strip()).matches()) {
                return false;
            }
        }
        return true;
    }
}
