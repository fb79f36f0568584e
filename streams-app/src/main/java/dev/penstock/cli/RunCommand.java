package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: the pipeline against a cluster. */
@Command(
        name = "run",
        description = {
            "Runs one instance of the pipeline until SIGTERM, which drains it: no call starts any more, running",
            "ones get drain.grace, exit code 0. Exit code 1 when the pipeline cannot start or go on. While no",
            "broker answers, the start waits: see streams.start_patience."
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    /** Beyond the grace time: flushing, leaving stores in order. */
    private static final long CLEAN_UP_SECONDS = 30;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        PenstockConfig config = options.explained().config();
        Shutdown shutdown = Shutdown.onSignal(config.drain().grace().toSeconds() + CLEAN_UP_SECONDS);
        try (RunningApp app = RunningApp.start(config, shutdown::isRequested)) {
            app.onStop(shutdown::request);
            shutdown.await();
            int exitCode = app.hasFailed() ? CommandFailure.FAILED : 0;
            app.close();
            return shutdown.finished(exitCode);
        } catch (CommandFailure | RuntimeException failed) {
            if (shutdown.isRequested() && failed instanceof CommandFailure) {
                return shutdown.finished(0);
            }
            shutdown.finished(CommandFailure.exitCodeOf(failed));
            throw failed;
        }
    }
}
