package dev.penstock.faults;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;

/** Whose members the broker counts to the program's group: a stream thread is known by its instance and a number. */
final class GroupMembers {

    private GroupMembers() {}

    /** The names of instances that have not left and whose sessions have not run out. */
    static Set<String> instances(String bootstrap, RigTopics topics) {
        return of(bootstrap, topics).stream().map(GroupMembers::instance).collect(Collectors.toSet());
    }

    /** The partitions that an instance serves; those that it restores ahead are not among them. */
    static Set<Integer> partitions(String bootstrap, RigTopics topics, String instance) {
        return of(bootstrap, topics).stream()
                .filter(member -> instance(member).equals(instance))
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .filter(source -> source.topic().equals(topics.names().requests()))
                .map(TopicPartition::partition)
                .collect(Collectors.toSet());
    }

    private static String instance(MemberDescription member) {
        String name = member.groupInstanceId().orElse("nobody-0");
        return name.substring(0, name.lastIndexOf('-'));
    }

    private static List<MemberDescription> of(String bootstrap, RigTopics topics) {
        String group = topics.names().prefix() + "app";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(described -> described.members().stream())
                    .toList();
        } catch (ExecutionException e) {
            throw new IllegalStateException("members of " + group + " cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the members of " + group, e);
        }
    }
}
