package dev.penstock.cli;

import dev.penstock.logging.LogLevels;
import dev.penstock.pipeline.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: the whole thing once, on real parts. */
@Command(
        name = "demo",
        description = {
            "Starts a broker, a fake provider and the pipeline, sends a file of requests through them and shows how each",
            "ends. Every target is at the fake provider, whatever the configuration says. Exit code 0 only if every line ended",
            "once and, where NAME.expected.jsonl says how, as it should."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final long CLEAN_UP_SECONDS = 30;
    private static final int CUSTOM_ID = 28;
    private static final int TENANT = 18;
    private static final int HOW = 28;

    @Option(names = "--file", paramLabel = "FILE", description = "JSON lines. Default: examples/requests.jsonl.")
    private @Nullable Path file;

    @Option(
            names = "-o",
            paramLabel = "json|table",
            defaultValue = "table",
            description = "json: the last line of stdout is one object. Default: table.")
    private OutputForm form = OutputForm.TABLE;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        DevJars.require("demo");
        LogLevels.quieten();
        Path input = input();
        Expectations expectations = Expectations.beside(input);
        Shutdown shutdown = Shutdown.onSignal(CLEAN_UP_SECONDS);
        say("starting broker, fake provider and pipeline");
        try (LocalStack stack =
                LocalStack.start(new LocalStack.Settings(options, 0, null, null, 0), shutdown::isRequested)) {
            DemoReport report = send(stack, input, expectations);
            stack.close();
            return shutdown.finished(conclude(report));
        } catch (CommandFailure | RuntimeException failed) {
            shutdown.finished(CommandFailure.exitCodeOf(failed));
            throw failed;
        }
    }

    private DemoReport send(LocalStack stack, Path input, Expectations expectations) throws CommandFailure {
        Topics topics = new Topics(stack.config().topics().prefix());
        DemoRun run = new DemoRun(new KafkaClients(stack.config()), topics);
        say("sending " + input);
        if (form == OutputForm.TABLE) {
            System.out.println(row("LINE", "CUSTOM_ID", "TENANT", "ENDED AS", "MS"));
        }
        long start = System.nanoTime();
        long[] lastEnd = {start};
        run.run(input, ended -> {
            lastEnd[0] = System.nanoTime();
            print(ended);
        });
        return DemoReport.of(run, expectations, stack.providerCalls(), (lastEnd[0] - start) / 1_000_000);
    }

    private void print(DemoRun.Row ended) {
        if (form == OutputForm.TABLE) {
            Ending ending = ended.ending();
            System.out.println(row(
                    Long.toString(ended.line()),
                    ending.customId(),
                    ending.tenant(),
                    (ending.deadLetter() ? "dead letter " : "result ") + ending.how(),
                    Long.toString(ended.millis())));
        }
    }

    private int conclude(DemoReport report) {
        report.problems().forEach(System.err::println);
        switch (form) {
            case JSON -> System.out.println(report.json());
            case TABLE -> System.out.print(report.text());
        }
        return report.ok() ? 0 : CommandFailure.FAILED;
    }

    private Path input() throws CommandFailure {
        Path input = file != null
                ? file
                : Path.of(System.getProperty("penstock.home", ".")).resolve("examples/requests.jsonl");
        if (!Files.isReadable(input)) {
            throw CommandFailure.failed(input + ": cannot be read (expected: a file of JSON lines; --file names one)");
        }
        return input;
    }

    private static void say(String text) {
        System.err.println(text);
    }

    private static String row(String line, String customId, String tenant, String how, String millis) {
        return String.join(
                " ",
                Cell.padded(line, 4),
                Cell.padded(customId, CUSTOM_ID),
                Cell.padded(tenant, TENANT),
                Cell.padded(how, HOW + 12),
                millis);
    }
}
