package dev.penstock.faults;

import dev.penstock.config.PenstockConfig;
import dev.penstock.guarantees.Role;
import dev.penstock.pipeline.TenantPartitions;
import dev.penstock.pipeline.TopicSpec;
import dev.penstock.pipeline.Topics;
import dev.penstock.topics.TopicCreation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** The topics of one scenario, which share a prefix, so that scenarios can share a broker. */
record RigTopics(Topics names) {

    static final int PARTITIONS = 6;

    static RigTopics of(String prefix) {
        return new RigTopics(new Topics(prefix));
    }

    /** A tenant that lives in each partition, in their order. */
    List<String> tenantOfEachPartition(String name) {
        TenantPartitions home = new TenantPartitions(PARTITIONS);
        Map<Integer, String> found = new TreeMap<>();
        for (int number = 0; found.size() < PARTITIONS; number++) {
            String tenant = name + "-" + number;
            found.putIfAbsent(home.applyAsInt(tenant), tenant);
        }
        return List.copyOf(found.values());
    }

    /** What auditors read besides. */
    Map<String, Role> others() {
        return Map.of(
                names.requests(), Role.REQUESTS,
                names.rerouted(), Role.REROUTED,
                names.usage(), Role.USAGE,
                names.outcomes(), Role.OUTCOMES,
                names.budgets(), Role.BUDGETS);
    }

    /** Where requests end. */
    Map<String, Role> ends() {
        return Map.of(names.results(), Role.RESULTS, names.deadLetters(), Role.DEAD_LETTERS);
    }

    /** Makes them as the program wants them, but lets the broker's clock stamp the outcomes. */
    void create(String bootstrap) {
        PenstockConfig config = PenstockConfig.of(
                "topics.prefix=" + names.prefix(),
                "topics.partitions=" + PARTITIONS,
                "topics.replication=1",
                "topics.min_insync_replicas=1");
        List<TopicSpec> specs = names.specs(config.topics());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(specs.stream().map(this::newTopic).toList())
                    .all()
                    .get();
            TopicCreation.Report usable = TopicCreation.create(admin, specs, bootstrap);
            if (!usable.problems().isEmpty()) {
                throw new IllegalStateException(String.join("; ", usable.problems()));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("topics of " + names.prefix() + " cannot be made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making topics", e);
        }
    }

    private NewTopic newTopic(TopicSpec spec) {
        Map<String, String> properties = new HashMap<>(spec.properties());
        if (spec.name().equals(names.outcomes())) {
            properties.put("message.timestamp.type", "LogAppendTime");
        }
        return new NewTopic(spec.name(), Optional.of(spec.partitions()), Optional.of(spec.replication()))
                .configs(properties);
    }
}
