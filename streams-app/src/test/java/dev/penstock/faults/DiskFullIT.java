package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Event;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scenario 22: the disk of the state directory is full. The instance ends and says so; nothing is lost, and all goes on when there is room. */
@Tag("tools")
class DiskFullIT {

    private static final int REQUESTS = 600;
    private static final int PADDING_BYTES = 40_000;
    private static final int MEGABYTES = 400;
    private static final String SAYS = "no space is left on the device";

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldEndAndLoseNothingWhenTheDiskOfItsStateIsFull() {
        // Given
        try (Rig rig = Rig.start("disk-full");
                SmallDisk disk = SmallDisk.mount(rig.directory().resolve("small-disk"), MEGABYTES)) {
            rig.fake().follow("latency: 2s");
            AppChild app = rig.launch(rig.spec("one")
                    .with("instance.state_dir", disk.root().toString())
                    .with("streams.rocksdb_memory", "16MiB")
                    .with("dispatch.permits", "30"));
            app.awaitReady();

            // When
            disk.fillUpTo(1 << 20);
            app.process().stopRestarting();
            rig.recordFault(Event.Fault.Kind.TERMINATE, app);
            rig.sender().send(padded(Seed.next("disk-full").random()));
            Child victim = app.process().current();
            int exit = victim.awaitExit(Limits.WORK);
            disk.fillUpTo(0);
            app.process().startAgain();
            app.process().stopRestarting();
            Child tooEarly = app.process().current();
            int exitAgain = tooEarly.awaitExit(Limits.WORK);
            disk.empty();
            app.process().startAgain();
            rig.awaitAllEnds();

            // Then
            assertThat(List.of(exit, exitAgain)).containsOnly(1);
            for (Child ended : List.of(victim, tooEarly)) {
                assertThat(ended.output().lines().filter(line -> line.contains(SAYS)))
                        .singleElement()
                        .asString()
                        .contains("instance.state_dir: " + disk.root());
            }
            Judgement.judge(rig, Judgement.promises(), whenTheDiskIsFull());
        }
    }

    /** Requests that nothing makes smaller, so that the stores need the disk. */
    private static List<Workload.Line> padded(RandomGenerator random) {
        byte[] padding = new byte[PADDING_BYTES / 2];
        return IntStream.range(0, REQUESTS)
                .mapToObj(number -> {
                    random.nextBytes(padding);
                    String metadata =
                            "\"metadata\":{\"pad\":\"" + HexFormat.of().formatHex(padding) + "\"},";
                    return Workload.line("disk-full-" + number % 40, "disk-full-" + number, metadata);
                })
                .toList();
    }

    private static LogAudit whenTheDiskIsFull() {
        return Judgement.afterKill()
                .allow("the pipeline cannot go on|" + SAYS, "an instance ends when it cannot keep its state")
                .allow("opted to SHUTDOWN_CLIENT", "the same, in the words of Streams")
                .allow(
                        "RocksDBException|ProcessorStateException|No space left|Error while closing column family"
                                + "|Failed to commit state store|Exception caught while post-committing"
                                + "|Failed to close task manager",
                        "what Streams says of stores that it cannot write")
                .allow(
                        "Exception caught during message processing|Processing exception handler is set to fail|Failed to process stream task",
                        "the record at which the disk was full, in the words of Streams")
                .allow("did transition to a terminal state", "the threads end together with the program");
    }
}
