package dev.penstock.bench;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Says once a minute what a long run holds on to: whatever leaks, climbs. Sizes are in MiB; the heap is what a collection
 * left of it.
 */
final class SoakWatch implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Path stateDir;
    private final MeterRegistry meters;
    private final Consumer<String> progress;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("soak-watch").factory());
    private int minute;

    private SoakWatch(Path stateDir, MeterRegistry meters, Consumer<String> progress) {
        this.stateDir = stateDir;
        this.meters = meters;
        this.progress = progress;
    }

    /** @param progress is given the heading, and a row a minute until this is closed */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends when this is closed
    static SoakWatch start(Path stateDir, MeterRegistry meters, Consumer<String> progress) {
        SoakWatch watch = new SoakWatch(stateDir, meters, progress);
        progress.accept("minute  resident  heap  threads  descriptors  state  lag  in flight  waiting");
        watch.timer.scheduleAtFixedRate(watch::print, INTERVAL.toSeconds(), INTERVAL.toSeconds(), TimeUnit.SECONDS);
        return watch;
    }

    private void print() {
        System.gc();
        progress.accept("%6d  %8d  %4d  %7d  %11d  %5d  %3.0f  %9.0f  %7.0f"
                .formatted(
                        ++minute,
                        ProcessFigures.rssMb(),
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20,
                        ManagementFactory.getThreadMXBean().getThreadCount(),
                        ProcessFigures.openDescriptors(),
                        stateBytes() >> 20,
                        sum("penstock.intake.lag.records"),
                        sum("penstock.calls.in.flight"),
                        sum("penstock.calls.waiting")));
    }

    private double sum(String meter) {
        return meters.find(meter).gauges().stream().mapToDouble(Gauge::value).sum();
    }

    /** Files come and go while they are counted. */
    private long stateBytes() {
        try (Stream<Path> files = Files.walk(stateDir)) {
            return files.map(Path::toFile)
                    .mapToLong(file -> file.isFile() ? file.length() : 0)
                    .sum();
        } catch (IOException | UncheckedIOException gone) {
            return 0;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
