package dev.penstock.topics;

import dev.penstock.pipeline.TopicSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics that are missing; never changes one that exists. */
public final class TopicCreation {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(15);
    private static final long POLL_MILLIS = 50;

    private TopicCreation() {}

    /**
     * What came of it.
     *
     * @param created names
     * @param existing names that were there before
     * @param problems one line each; those of {@link TopicCheck} included
     */
    public record Report(List<String> created, List<String> existing, List<String> problems) {}

    /**
     * Returns when the new topics can be used.
     *
     * @param servers what to call the broker in a message
     */
    public static Report create(Admin admin, List<TopicSpec> specs, String servers) throws InterruptedException {
        List<String> created = new ArrayList<>();
        List<String> existing = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        CreateTopicsResult result = admin.createTopics(
                specs.stream().map(TopicCreation::newTopic).toList(),
                new CreateTopicsOptions().timeoutMs(TIMEOUT_MILLIS));
        for (TopicSpec spec : specs) {
            try {
                Objects.requireNonNull(result.values().get(spec.name())).get();
                created.add(spec.name());
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof TopicExistsException) {
                    existing.add(spec.name());
                } else {
                    problems.add(problem(spec, failed, servers));
                }
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(checkWhenVisible(admin, specs, servers));
        }
        return new Report(created, existing, problems.stream().distinct().toList());
    }

    private static NewTopic newTopic(TopicSpec spec) {
        return new NewTopic(spec.name(), spec.partitions(), spec.replication()).configs(Map.copyOf(spec.properties()));
    }

    private static String problem(TopicSpec spec, ExecutionException failed, String servers) {
        if (failed.getCause() instanceof InvalidReplicationFactorException) {
            return spec.name() + ": replication: " + spec.replication()
                    + " (expected: at most the number of brokers; topics.replication sets it)";
        }
        return KafkaFailure.line(failed, servers);
    }

    /** The controller has a new topic a moment before the brokers answer for it. What is wrong otherwise stays so. */
    private static List<String> checkWhenVisible(Admin admin, List<TopicSpec> specs, String servers)
            throws InterruptedException {
        Instant end = Instant.now().plus(VISIBLE_WITHIN);
        while (true) {
            List<String> problems = TopicCheck.check(admin, specs, servers);
            boolean wait = problems.isEmpty()
                    ? !haveLeaders(admin, specs)
                    : problems.stream().anyMatch(problem -> problem.contains(": missing ("));
            if (!wait || Instant.now().isAfter(end)) {
                return problems;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /**
     * Whether every partition's leader answers. A producer that is faster than that can have its second batch taken and its
     * first one refused, and is out of order for good.
     */
    private static boolean haveLeaders(Admin admin, List<TopicSpec> specs) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicSpec spec : specs) {
            for (int partition = 0; partition < spec.partitions(); partition++) {
                ends.put(new TopicPartition(spec.name(), partition), OffsetSpec.latest());
            }
        }
        try {
            admin.listOffsets(ends).all().get();
            return true;
        } catch (ExecutionException notYet) {
            return false;
        }
    }
}
