package dev.penstock.topics;

import dev.penstock.pipeline.TopicSpec;
import dev.penstock.pipeline.TopicSpec.Cleanup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** Holds the topics of a cluster, and the age of its brokers, against what they must be. */
public final class TopicCheck {

    private static final long FOREVER = -1;

    private TopicCheck() {}

    /**
     * Waits for the broker as long as the client does.
     *
     * @return what is wrong, one line each; empty when the pipeline may start
     */
    public static List<String> check(Admin admin, List<TopicSpec> specs) throws InterruptedException {
        return check(admin, specs, "kafka.bootstrap.servers");
    }

    /**
     * As {@link #check(Admin, List)}.
     *
     * @param servers what to call the broker in a message
     */
    public static List<String> check(Admin admin, List<TopicSpec> specs, String servers) throws InterruptedException {
        try {
            return ask(admin, specs, servers);
        } catch (BrokerAwayException away) {
            return List.of(String.valueOf(away.getMessage()));
        }
    }

    /**
     * As {@link #check(Admin, List, String)}, for those who would ask again.
     *
     * @throws BrokerAwayException if no broker answered in time, which says nothing of the topics
     */
    public static List<String> ask(Admin admin, List<TopicSpec> specs, String servers)
            throws BrokerAwayException, InterruptedException {
        List<String> problems = new ArrayList<>();
        try {
            List<TopicSpec> present = checkLayout(admin, specs, problems);
            checkProperties(admin, present, problems);
            BrokerAge.check(admin);
        } catch (ExecutionException | UnsupportedVersionException failed) {
            if (failed.getCause() instanceof TimeoutException) {
                throw new BrokerAwayException(KafkaFailure.line(failed, servers));
            }
            problems.clear();
            problems.add(KafkaFailure.line(failed, servers));
        }
        return problems;
    }

    private static List<TopicSpec> checkLayout(Admin admin, List<TopicSpec> specs, List<String> problems)
            throws ExecutionException, InterruptedException {
        Map<String, KafkaFuture<TopicDescription>> descriptions = admin.describeTopics(
                        specs.stream().map(TopicSpec::name).toList())
                .topicNameValues();
        List<TopicSpec> present = new ArrayList<>();
        for (TopicSpec spec : specs) {
            try {
                TopicDescription found =
                        Objects.requireNonNull(descriptions.get(spec.name())).get();
                int partitions = found.partitions().size();
                if (partitions != spec.partitions()) {
                    problems.add(line(
                            spec,
                            "partitions",
                            Integer.toString(partitions),
                            spec.partitions() + ", as topics.partitions says"));
                }
                present.add(spec);
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed;
                }
                problems.add(spec.name() + ": missing (expected: a topic with " + spec.partitions()
                        + " partitions; penstock topics create makes it)");
            }
        }
        return present;
    }

    private static void checkProperties(Admin admin, List<TopicSpec> specs, List<String> problems)
            throws ExecutionException, InterruptedException {
        Map<TopicSpec, Config> configs = configs(admin, specs);
        configs.forEach((spec, config) -> {
            checkSize(spec, config, problems);
            checkCleanup(spec, config, problems);
        });
        checkRetention(configs, problems);
    }

    private static Map<TopicSpec, Config> configs(Admin admin, List<TopicSpec> specs)
            throws ExecutionException, InterruptedException {
        Map<ConfigResource, TopicSpec> resources = new HashMap<>();
        specs.forEach(spec -> resources.put(new ConfigResource(ConfigResource.Type.TOPIC, spec.name()), spec));
        Map<ConfigResource, Config> found =
                admin.describeConfigs(resources.keySet()).all().get();
        Map<TopicSpec, Config> configs = new LinkedHashMap<>();
        resources.forEach((resource, spec) -> configs.put(spec, found.get(resource)));
        return configs;
    }

    private static void checkSize(TopicSpec spec, Config config, List<String> problems) {
        String bytes = value(config, "max.message.bytes");
        if (Long.parseLong(bytes) < spec.maxMessageBytes()) {
            problems.add(line(spec, "max.message.bytes", bytes, "at least " + spec.maxMessageBytes()));
        }
    }

    private static void checkCleanup(TopicSpec spec, Config config, List<String> problems) {
        String policy = value(config, "cleanup.policy");
        boolean compacts = policy.contains(Cleanup.COMPACT.kafkaName());
        if (compacts != (spec.cleanup() == Cleanup.COMPACT)) {
            problems.add(line(spec, "cleanup.policy", policy, spec.cleanup().kafkaName()));
        }
    }

    /** An outcome that is gone before its request would be taken for a call that was never answered. */
    private static void checkRetention(Map<TopicSpec, Config> configs, List<String> problems) {
        TopicSpec requests = withSuffix(configs, "requests");
        TopicSpec outcomes = withSuffix(configs, "outcomes");
        if (requests == null || outcomes == null) {
            return;
        }
        long requestsKept = Long.parseLong(value(configs.get(requests), "retention.ms"));
        long outcomesKept = Long.parseLong(value(configs.get(outcomes), "retention.ms"));
        boolean longEnough = outcomesKept == FOREVER || (requestsKept != FOREVER && outcomesKept >= requestsKept);
        if (!longEnough) {
            problems.add(line(
                    outcomes,
                    "retention.ms",
                    Long.toString(outcomesKept),
                    "at least that of " + requests.name() + ", " + requestsKept));
        }
    }

    private static @Nullable TopicSpec withSuffix(Map<TopicSpec, Config> configs, String suffix) {
        return configs.keySet().stream()
                .filter(spec -> spec.name().endsWith(suffix))
                .findFirst()
                .orElse(null);
    }

    private static String value(@Nullable Config config, String name) {
        return Objects.requireNonNull(config).get(name).value();
    }

    private static String line(TopicSpec spec, String property, String value, String expected) {
        return spec.name() + ": " + property + ": " + value + " (expected: " + expected + ")";
    }
}
