package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;

/** Whether anybody reads policies. A policy that is written while budgets are off limits nobody, and that must be said. */
final class PolicyReaders {

    private static final String SWITCH = "budgets.enabled";

    private PolicyReaders() {}

    /** Why a policy that was just written has no effect yet; empty if it has one. */
    static Optional<String> missing(PenstockConfig config, KafkaClients clients)
            throws CommandFailure, InterruptedException {
        Collection<MemberDescription> members = members(config, clients);
        String tenants = new Topics(config.topics().prefix()).tenants();
        boolean read = members.stream()
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .anyMatch(partition -> partition.topic().equals(tenants));
        if (read || (members.isEmpty() && config.budgets().enabled())) {
            return Optional.empty();
        }
        return Optional.of(
                members.isEmpty()
                        ? "no instance of " + config.applicationId() + " runs, and this configuration has " + SWITCH
                                + ": false; the policy limits nobody until instances run with true"
                        : "no instance of " + config.applicationId() + " reads policies: " + SWITCH
                                + " is false there; the policy limits nobody until all of them are started with true");
    }

    /** None, too, where the broker does not let us look. */
    private static Collection<MemberDescription> members(PenstockConfig config, KafkaClients clients)
            throws CommandFailure, InterruptedException {
        String group = config.applicationId();
        try (Admin admin = clients.admin()) {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(described -> described.members().stream())
                    .toList();
        } catch (ExecutionException unknown) {
            return List.of();
        }
    }
}
