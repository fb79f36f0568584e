package dev.penstock.cli;

import dev.penstock.config.DurationText;
import dev.penstock.config.PenstockConfig;
import dev.penstock.deadletters.DeadLetterSelection;
import dev.penstock.pipeline.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dead-letters replay}: makes requests of them again. */
@Command(
        name = "replay",
        description = {
            "Sends dead letters again as the requests that they were. Counts first, and asks.",
            "None is replayed twice, however often this is interrupted and run again."
        },
        mixinStandardHelpOptions = true)
final class DeadLettersReplayCommand implements Callable<Integer> {

    private static final int HIGHEST_RATE = 1_000_000;
    private static final long CLEAN_UP_SECONDS = 30;

    @Option(names = "-o", paramLabel = "json|table", defaultValue = "json", description = "Form. Default: json.")
    private OutputForm form = OutputForm.JSON;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Only count.")
    private boolean dryRun;

    @Option(names = "--rate", paramLabel = "N", description = "At most so many in a second. Default: as many as go.")
    private @Nullable Integer rate;

    @Option(
            names = "--force",
            description = "Also what is final (its verdict is set aside) and what was replayed three times.")
    private boolean force;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long the answers are of use, where the request had an absolute deadline. "
                    + "Default: dispatch.default_deadline.")
    private @Nullable String timeout;

    @Mixin
    private DeadLetterSelectors selectors = new DeadLetterSelectors();

    @Mixin
    private ClientOptions options = new ClientOptions();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        DeadLetterSelection selection = selectors.selection(Instant.now());
        if (rate != null) {
            WholeNumber.check("--rate", rate, 1, HIGHEST_RATE);
        }
        PenstockConfig config = options.load();
        Topics topics = new Topics(config.topics().prefix());
        KafkaClients clients = new KafkaClients(config);
        clients.require(List.of(topics.deadLetters(), topics.redrives(), topics.requests()));
        Progress progress = new Progress(System.err, "dead letters");
        ReplayRun run =
                new ReplayRun(clients, topics, selection, force, timeout(config), rate == null ? 0 : rate, progress);
        ReplayCount count = run.count();
        String letters = count.total() == 1 ? "1 dead letter" : count.total() + " dead letters";
        System.err.println(letters + " to replay" + (count.total() == 0 ? "" : ": " + count.codes()));
        count.refusals().forEach(System.err::println);
        if (dryRun || count.total() == 0) {
            System.out.println(count.text(form, dryRun ? "to_replay" : "replayed"));
            return count.impossible() == 0 ? 0 : CommandFailure.FAILED;
        }
        if (!yes && !Confirmation.given("Replay " + letters + "?")) {
            throw CommandFailure.failed("nothing replayed");
        }
        return replay(run, count);
    }

    private int replay(ReplayRun run, ReplayCount count) throws CommandFailure, InterruptedException {
        Shutdown shutdown = Shutdown.onSignal(CLEAN_UP_SECONDS);
        try {
            ReplayCount done = run.replay(shutdown::isRequested, count.total());
            System.out.println(done.text(form, "replayed"));
            if (shutdown.isRequested()) {
                System.err.println("interrupted: " + done.total() + " of " + count.total()
                        + " replayed; the same command goes on from here");
                return shutdown.finished(CommandFailure.FAILED);
            }
            return shutdown.finished(count.impossible() == 0 ? 0 : CommandFailure.FAILED);
        } catch (CommandFailure | RuntimeException failed) {
            shutdown.finished(CommandFailure.exitCodeOf(failed));
            throw failed;
        }
    }

    private Duration timeout(PenstockConfig config) throws CommandFailure {
        String text = timeout;
        if (text == null) {
            return config.dispatch().defaultDeadline();
        }
        return DurationText.read(text)
                .orElseThrow(() -> CommandFailure.usage(
                        "--timeout: " + Cell.escaped(text, 40) + " (expected: a duration such as 10m)"));
    }
}
