package dev.penstock.deploy;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * One thing that somebody may do.
 *
 * @param who the user's name without {@code penstock-}
 * @param type {@code topic}, {@code group} or {@code transactionalId}
 * @param isPrefix whether it holds for all that begins with the name
 */
record Grant(String who, String type, String name, boolean isPrefix, String operation) {

    /** What the KafkaUsers of a file may do. */
    static Set<Grant> ofUsers(Path file) {
        Set<Grant> grants = new LinkedHashSet<>();
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            for (JsonNode user : documents.readAll()) {
                String who = user.at("/metadata/name").stringValue().substring("penstock-".length());
                for (JsonNode acl : user.at("/spec/authorization/acls")) {
                    JsonNode resource = acl.path("resource");
                    acl.path("operations")
                            .forEach(operation -> grants.add(new Grant(
                                    who,
                                    resource.path("type").stringValue(),
                                    resource.path("name").stringValue(),
                                    resource.path("patternType").stringValue().equals("prefix"),
                                    operation.stringValue())));
                }
            }
        }
        return grants;
    }
}
