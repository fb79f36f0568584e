package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TierConfig;
import dev.penstock.pipeline.TenantPartitions;
import dev.penstock.pipeline.Topics;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.Tenant;
import dev.penstock.schemas.TenantPolicy;
import dev.penstock.schemas.WireCodec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tenants list|show|set|delete}: the policies of tenants, as they stand on their topic. */
@Command(
        name = "tenants",
        description = "Lists, shows, sets or deletes the policies of tenants. A change takes effect without a restart.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list|show|set|delete)")
final class TenantsCommand {

    private static final int CELL = 200;
    private static final WireCodec CODEC = new WireCodec();

    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "list",
            description = "Prints every policy as a JSON line, by tenant.",
            mixinStandardHelpOptions = true)
    int list(@Mixin ClientOptions options) throws CommandFailure, InterruptedException {
        policies(options.load())
                .forEach((tenant, policy) -> out().println(Cell.escaped(tenant, CELL) + " " + text(policy)));
        return 0;
    }

    @Command(
            name = "show",
            description = "Prints one policy; exit code 1 if there is none.",
            mixinStandardHelpOptions = true)
    int show(@Mixin ClientOptions options, @Parameters(paramLabel = "TENANT") String tenant)
            throws CommandFailure, InterruptedException {
        byte[] policy = policies(options.load()).get(tenant);
        if (policy == null) {
            throw CommandFailure.failed(
                    Cell.escaped(tenant, CELL) + ": no policy; the defaults of the configuration hold");
        }
        out().println(text(policy));
        return 0;
    }

    @Command(
            name = "set",
            description = "Sets a policy from a JSON file, or from stdin for -. It is checked before it is written.",
            mixinStandardHelpOptions = true)
    int set(
            @Mixin ClientOptions options,
            @Parameters(paramLabel = "TENANT") String tenant,
            @Parameters(paramLabel = "FILE") String file)
            throws CommandFailure, InterruptedException {
        PenstockConfig config = options.load();
        TenantPolicy policy = checked(tenant, read(file));
        write(config, tenant, CODEC.write(policy));
        out().println(tenant + ": set");
        unknownTier(config, policy)
                .ifPresent(name -> err().println("warning: allowed_tiers: "
                        + Cell.escaped(name, CELL) + " (expected: one of the tiers of this configuration, "
                        + tiers(config)
                        + ")"));
        PolicyReaders.missing(config, new KafkaClients(config)).ifPresent(why -> err().println("warning: " + why));
        return 0;
    }

    @Command(
            name = "delete",
            description = "Deletes a policy: from then on the defaults of the configuration hold.",
            mixinStandardHelpOptions = true)
    int delete(@Mixin ClientOptions options, @Parameters(paramLabel = "TENANT") String tenant)
            throws CommandFailure, InterruptedException {
        write(options.load(), tenant, null);
        out().println(tenant + ": deleted");
        return 0;
    }

    private static byte[] read(String file) throws CommandFailure {
        try {
            return file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw CommandFailure.usage(Cell.escaped(file, CELL) + ": cannot be read (expected: a JSON file, or -)");
        }
    }

    private static TenantPolicy checked(String tenant, byte[] written) throws CommandFailure {
        try {
            TenantPolicy policy = CODEC.readTenantPolicy(written);
            if (policy.tenant() != null && !policy.tenant().equals(tenant)) {
                throw CommandFailure.usage(
                        "tenant: another one in the file (expected: " + Cell.escaped(tenant, CELL) + ")");
            }
            return policy;
        } catch (MalformedRecordException wrong) {
            throw CommandFailure.usage(String.valueOf(wrong.getMessage()));
        }
    }

    /** Who sets policies may have another configuration than who holds to them, so this is no mistake for certain. */
    private static Optional<String> unknownTier(PenstockConfig config, TenantPolicy policy) {
        List<String> allowed = Objects.requireNonNullElse(policy.allowedTiers(), List.of());
        return allowed.stream()
                .filter(name ->
                        config.tiers().stream().noneMatch(tier -> tier.name().equals(name)))
                .findFirst();
    }

    private static String tiers(PenstockConfig config) {
        return config.tiers().stream().map(TierConfig::name).collect(Collectors.joining(", "));
    }

    /** Into the tenant's own partition, whatever the broker's default is. */
    private static void write(PenstockConfig config, String tenant, byte @Nullable [] policy)
            throws CommandFailure, InterruptedException {
        if (!Tenant.isValid(tenant)) {
            throw CommandFailure.usage(
                    "tenant: " + Cell.escaped(tenant, CELL) + " (expected: 1..128 of A-Z a-z 0-9 . _ / -)");
        }
        KafkaClients clients = new KafkaClients(config);
        String topic = topic(config);
        clients.require(List.of(topic));
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            int home = new TenantPartitions(producer.partitionsFor(topic).size()).applyAsInt(tenant);
            producer.send(new ProducerRecord<>(topic, home, tenant.getBytes(StandardCharsets.UTF_8), policy))
                    .get();
        } catch (KafkaException failed) {
            throw clients.failure(failed);
        } catch (ExecutionException failed) {
            throw clients.failure(Objects.requireNonNullElse(failed.getCause(), failed));
        }
    }

    private static Map<String, byte[]> policies(PenstockConfig config) throws CommandFailure, InterruptedException {
        return CompactedTopic.read(new KafkaClients(config), topic(config));
    }

    private static String topic(PenstockConfig config) {
        return new Topics(config.topics().prefix()).tenants();
    }

    /** What somebody else wrote is shown as it is, but on one line. */
    private static String text(byte[] policy) {
        return JsonLine.of(policy);
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
