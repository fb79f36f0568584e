package dev.penstock.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The pipeline's configuration for a run. */
final class BenchConfig {

    private BenchConfig() {}

    /** As {@code --set} takes it. A provider that fails is two targets, as it should be for everybody. */
    static List<String> sets(BenchSettings settings, Surroundings around, Path stateDir) {
        List<String> sets = new ArrayList<>(List.of(
                "kafka.bootstrap.servers=" + around.bootstrapServers(),
                "topics.partitions=" + settings.partitions(),
                "topics.replication=1",
                "topics.min_insync_replicas=1",
                "instance.id=bench",
                "instance.state_dir=" + stateDir,
                "console.port=0",
                "console.probes_port=0",
                "streams.threads=" + settings.threads(),
                "streams.commit_interval=" + settings.commitInterval().toMillis() + "ms",
                "dispatch.permits=" + settings.permits(),
                "provider.timeout=" + settings.providerTimeout().toMillis() + "ms",
                "provider.model=" + Load.MODEL,
                "provider.base_url=" + around.providerUrl()));
        if (settings.budget() || settings.policies() > 0) {
            sets.add("budgets.enabled=true");
            sets.add("budgets.prices=" + prices(stateDir));
        }
        if (settings.budget()) {
            sets.add("budgets.max_budget=1000000");
        }
        sets.addAll(saving(settings.saving(), around.providerUrl()));
        if (settings.soak()) {
            sets.addAll(List.of("idempotency.retention=2m", "cache.ttl=2m"));
        }
        if (settings.errorPercent() + settings.hangPercent() > 0) {
            sets.addAll(chainOfTwo(around.providerUrl()));
        }
        return sets;
    }

    private static List<String> saving(BenchSettings.Saving saving, URI provider) {
        List<String> sets = new ArrayList<>();
        if (saving.cache()) {
            sets.add("cache.enabled=true");
        }
        if (saving.batching()) {
            sets.add("batching.enabled=true");
        }
        if (saving.others()) {
            sets.addAll(List.of(
                    "targets.one.base_url=" + provider,
                    "targets.one.context_tokens=128000",
                    "tiers.simple.chain=one",
                    "tiers.medium.chain=one",
                    "tiers.complex.chain=one"));
        }
        return sets;
    }

    private static Path prices(Path stateDir) {
        try {
            return Files.writeString(
                    stateDir.resolveSibling("prices.yaml"),
                    "models: {" + Load.MODEL + ": {input: 0.00000015, output: 0.0000006}}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> chainOfTwo(URI provider) {
        return List.of(
                "targets.primary.base_url=" + provider,
                "targets.backup.base_url=" + provider,
                "tiers.simple.chain=primary,backup",
                "tiers.medium.chain=primary,backup",
                "tiers.complex.chain=primary,backup");
    }
}
