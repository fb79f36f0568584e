package dev.penstock.cli;

import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.fake.FakeScript;
import dev.penstock.fake.ScriptException;
import dev.penstock.logging.LogLevels;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fake-provider}: a provider as a process of its own. */
@Command(
        name = "fake-provider",
        description =
                "Runs a provider that speaks OpenAI and Anthropic and answers by a function of the prompt, until interrupted.",
        mixinStandardHelpOptions = true)
final class FakeProviderCommand implements Callable<Integer> {

    private static final long CLEAN_UP_SECONDS = 5;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on. Default: 127.0.0.1.")
    private String host = "127.0.0.1";

    @Option(names = "--port", defaultValue = "0", description = "Port to listen on. Default: 0, any free one.")
    private int port;

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description = "YAML: latency, faults, quotas, hold. Default: answers at once.")
    private @Nullable Path script;

    @Option(names = "--call-log", paramLabel = "FILE", description = "Append every call here before it is answered.")
    private @Nullable Path callLog;

    @Option(names = "--fsync", description = "Have a call on the disk before it is answered.")
    private boolean fsync;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        LogLevels.quieten();
        WholeNumber.checkPort("--port", port);
        FakeProviderSettings settings =
                new FakeProviderSettings(host, port, script(), callLog, fsync, FakeProviderSettings.DEFAULT_KEPT_CALLS);
        Shutdown shutdown = Shutdown.onSignal(CLEAN_UP_SECONDS);
        try (FakeProvider fake = start(settings)) {
            System.out.println("fake provider on " + fake.baseUrl());
            System.out.println("  OpenAI     " + fake.chatUrl());
            System.out.println("  Anthropic  " + fake.messagesUrl());
            System.out.flush();
            shutdown.await();
        } catch (CommandFailure | RuntimeException failed) {
            shutdown.finished(CommandFailure.exitCodeOf(failed));
            throw failed;
        }
        return shutdown.finished(0);
    }

    /** Starts it, or says why not. */
    static FakeProvider start(FakeProviderSettings settings) throws CommandFailure {
        try {
            return FakeProvider.start(settings);
        } catch (BindException refused) {
            throw CommandFailure.failed("fake provider: " + settings.host() + ":" + settings.port()
                    + " cannot be listened on (expected: an own address and a free port, or port 0 for any)");
        } catch (IOException unwritable) {
            throw CommandFailure.failed("--call-log: " + settings.callLog() + " cannot be written");
        }
    }

    private FakeScript script() throws CommandFailure {
        if (script == null) {
            return FakeScript.PLAIN;
        }
        try {
            return FakeScript.parse(Files.readString(script));
        } catch (IOException unreadable) {
            throw CommandFailure.failed("--script: " + script + " cannot be read");
        } catch (ScriptException wrong) {
            throw CommandFailure.usage("--script: " + wrong.getMessage());
        }
    }
}
