package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.ConfigLoader;
import dev.penstock.embedded.BrokerSettings;
import dev.penstock.embedded.EmbeddedBroker;
import dev.penstock.embedded.OwnBroker;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The users of deploy/strimzi can do their work, and no more, on a broker that holds them to their rights. */
@OwnBroker("a broker that asks who its clients are, where containers have listeners that let all in")
class StrimziUsersIT {

    private static final Path FILE = Path.of("..", "deploy", "strimzi", "users.yaml");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String JAAS = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    @TempDir
    Path directory;

    private String servers = "";
    private String provider = "";

    @Test
    void shouldDoTheirWorkAndNoMore() throws Exception {
        try (EmbeddedBroker broker =
                        EmbeddedBroker.start(BrokerSettings.temporary().with(strict()));
                FakeProvider fake = FakeProvider.start(FakeProviderSettings.defaults())) {
            // Given
            servers = broker.bootstrapServers();
            provider = fake.baseUrl().toString();
            grant();
            assertAllowed("operator", "topics", "create");
            Path policy = Files.writeString(directory.resolve("policy.json"), "{\"budgets\":[]}");
            assertAllowed("operator", "tenants", "set", "acme", policy.toString());
            Path lines = Files.writeString(
                    directory.resolve("lines.jsonl"),
                    "{\"custom_id\":\"good\",\"tenant\":\"acme\",\"body\":{\"model\":\"auto\",\"messages\":"
                            + "[{\"role\":\"user\",\"content\":\"hello\"}]}}\nno JSON\n");

            // When
            try (RunningApp app = RunningApp.start(ConfigLoader.load(config("pipeline"), Map.of(), List.of()))) {
                await().atMost(PATIENCE).until(() -> app.ready().ok());
                assertAllowed("producer", "send", lines.toString());

                // Then
                await().atMost(PATIENCE)
                        .until(() -> run("consumer", "results").out().contains("\"good\""));
                await().atMost(PATIENCE)
                        .until(() ->
                                run("consumer", "dead-letters", "list").out().contains("intake."));
                assertAllowed("operator", "dead-letters", "replay", "--retryable=false", "--force", "--yes");
                assertAllowed("operator", "trace", "good");
                assertDenied("producer", "results");
                assertDenied("consumer", "send", lines.toString());
                assertDenied("consumer", "tenants", "set", "acme", policy.toString());
                assertDenied("consumer", "dead-letters", "replay", "--force", "--yes");
            }
        }
    }

    private void assertAllowed(String user, String... command) throws Exception {
        CapturedRun run = run(user, command);
        assertThat(run.exitCode()).as("%s: %s", command[0], run.err()).isZero();
    }

    private void assertDenied(String user, String... command) throws Exception {
        CapturedRun run = run(user, command);
        assertThat(run.exitCode()).as(command[0]).isEqualTo(1);
        assertThat(run.err()).contains("kafka: not allowed: ");
    }

    private CapturedRun run(String user, String... command) throws Exception {
        List<String> args = new ArrayList<>(List.of(command));
        args.addAll(List.of("--config", config(user).toString()));
        return CapturedRun.of(args.toArray(String[]::new));
    }

    private Path config(String user) throws Exception {
        Path jaas = Files.writeString(
                directory.resolve(user + ".jaas"),
                JAAS + "username=\"penstock-" + user + "\" password=\"" + user + "\";");
        return Files.writeString(
                directory.resolve(user + ".yaml"), """
                topics: {partitions: 2, replication: 1, min_insync_replicas: 1}
                instance: {id: one, state_dir: '%s'}
                console: {port: 0}
                provider: {base_url: '%s'}
                budgets: {enabled: true}
                kafka:
                  bootstrap.servers: %s
                  security.protocol: SASL_PLAINTEXT
                  sasl.mechanism: PLAIN
                  sasl.jaas.config: {file: '%s'}
                """.formatted(directory.resolve("state"), provider, servers, jaas));
    }

    private static Map<String, String> strict() {
        StringBuilder users = new StringBuilder();
        for (String user : List.of("pipeline", "producer", "consumer", "operator")) {
            users.append(" user_penstock-%s=\"%s\"".formatted(user, user));
        }
        return Map.of(
                "listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms", "PLAIN",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config",
                        JAAS + "username=\"root\" password=\"root\" user_root=\"root\"" + users + ";",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:root;User:ANONYMOUS");
    }

    private void grant() throws Exception {
        List<AclBinding> bindings = new ArrayList<>();
        try (var users = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(FILE.toFile())) {
            for (JsonNode user : users.readAll()) {
                String name = user.at("/metadata/name").asString("");
                user.at("/spec/authorization/acls")
                        .forEach(acl -> acl.path("operations")
                                .forEach(operation -> bindings.add(binding(name, acl, operation.asString("")))));
            }
        }
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                servers,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                JAAS + "username=\"root\" password=\"root\";"))) {
            admin.createAcls(bindings).all().get();
        }
    }

    private static AclBinding binding(String user, JsonNode acl, String operation) {
        JsonNode resource = acl.path("resource");
        ResourceType type = resource.path("type").asString("").equals("transactionalId")
                ? ResourceType.TRANSACTIONAL_ID
                : ResourceType.fromString(resource.path("type").asString(""));
        PatternType pattern =
                resource.path("patternType").asString("").equals("prefix") ? PatternType.PREFIXED : PatternType.LITERAL;
        return new AclBinding(
                new ResourcePattern(type, resource.path("name").asString(""), pattern),
                new AccessControlEntry("User:" + user, "*", operation(operation), AclPermissionType.ALLOW));
    }

    private static AclOperation operation(String name) {
        return switch (name) {
            case "DescribeConfigs" -> AclOperation.DESCRIBE_CONFIGS;
            default -> AclOperation.fromString(name.toUpperCase(Locale.ROOT));
        };
    }
}
