package dev.penstock.faults;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/** Whose members the broker counts to the program's group: a stream thread is known by its instance and a number. */
final class GroupMembers {

    private GroupMembers() {}

    /** The names of instances that have not left and whose sessions have not run out. */
    static Set<String> instances(String bootstrap, RigTopics topics) {
        String group = topics.names().prefix() + "app";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(described -> described.members().stream())
                    .map(member -> member.groupInstanceId().orElse("nobody-0"))
                    .map(name -> name.substring(0, name.lastIndexOf('-')))
                    .collect(Collectors.toSet());
        } catch (ExecutionException e) {
            throw new IllegalStateException("members of " + group + " cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the members of " + group, e);
        }
    }
}
