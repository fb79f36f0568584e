package dev.penstock.bench;

import java.nio.file.Path;
import java.util.List;

/** The pipeline's configuration for a run. */
final class BenchConfig {

    private BenchConfig() {}

    /** As {@code --set} takes it. */
    static List<String> sets(BenchSettings settings, Surroundings around, Path stateDir) {
        return List.of(
                "kafka.bootstrap.servers=" + around.bootstrapServers(),
                "topics.partitions=" + settings.partitions(),
                "topics.replication=1",
                "topics.min_insync_replicas=1",
                "instance.id=bench",
                "instance.state_dir=" + stateDir,
                "console.port=0",
                "streams.threads=" + settings.threads(),
                "streams.commit_interval=" + settings.commitInterval().toMillis() + "ms",
                "dispatch.permits=" + settings.permits(),
                "provider.timeout=" + settings.providerTimeout().toMillis() + "ms",
                "provider.connect_timeout="
                        + Math.min(5_000, settings.providerTimeout().toMillis()) + "ms",
                "provider.base_url=" + around.providerUrl());
    }
}
