package dev.penstock.cli;

import dev.penstock.bench.Bench;
import dev.penstock.bench.BenchReport;
import dev.penstock.bench.BenchSettings;
import dev.penstock.bench.RestartBench;
import dev.penstock.logging.LogLevels;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench}: measures, and prints what it measured. */
@Command(
        name = "bench",
        description = {
            "Measures this machine: broker, pipeline, fake provider, load and result reader in one box, after a warm-up.",
            "Examples:",
            "  penstock bench                                           closed flood, provider latency 0",
            "  penstock bench --rate 300 --provider-latency 500         added latency",
            "  penstock bench --rate 300 --requests 9000 --errors 10 --hangs 5 --provider-timeout 2000",
            "                                                           a provider that fails",
            "  penstock bench --tenants 1                               one partition, one stream thread",
            "  penstock bench --tenants 1 --budget                      all requests contend for one budget",
            "  penstock bench --tenants 100000 --policies 100000        a policy each",
            "  penstock bench --cache --prompts 100                     hits alone; without --prompts, none",
            "  penstock bench --batch --tenants 4 --in-flight 64 --provider-latency 500 --requests 20000",
            "  penstock bench --saving                                  every stage that saves, and no hits",
            "  penstock bench --in-flight 10000 --requests 20000 --rate 1000 --provider-latency 10000 --separate",
            "  penstock bench --rate 200 --requests 240000 --saving --separate --soak",
            "                                                           20 minutes, and what they hold on to",
            "  penstock bench --restart --requests 100000               SIGKILL to first new result"
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

    @Option(names = "--requests", defaultValue = "100000", description = "Measured requests. Default: 100000.")
    private int requests;

    @Option(names = "--rate", defaultValue = "0", description = "Requests a second. Default: 0, as many as go.")
    private int rate;

    @Option(
            names = "--provider-latency",
            paramLabel = "MS",
            defaultValue = "0",
            description = "How long the provider takes, in milliseconds. Default: 0.")
    private int providerLatency;

    @Option(
            names = "--errors",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "Calls that the provider answers with 500, in percent. Default: 0.")
    private int errors;

    @Option(
            names = "--hangs",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "Calls that the provider never answers, in percent. Default: 0.")
    private int hangs;

    @Option(
            names = "--provider-timeout",
            paramLabel = "MS",
            defaultValue = "60000",
            description = "Longest that one attempt may take, in milliseconds. Default: 60000.")
    private int providerTimeout;

    @Option(names = "--payload-bytes", defaultValue = "200", description = "Size of each prompt. Default: 200.")
    private int payloadBytes;

    @Option(names = "--tenants", defaultValue = "100", description = "Tenants that share the load. Default: 100.")
    private int tenants;

    @Option(names = "--partitions", defaultValue = "12", description = "Partitions of every topic. Default: 12.")
    private int partitions;

    @Option(names = "--threads", defaultValue = "2", description = "Stream threads. Default: 2.")
    private int threads;

    @Option(names = "--in-flight", defaultValue = "1000", description = "Calls in flight at most. Default: 1000.")
    private int inFlight;

    @Option(
            names = "--commit-interval",
            paramLabel = "MS",
            defaultValue = "25",
            description = "Time between transactions, in milliseconds. Default: 25.")
    private int commitInterval;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "30",
            description = "Load of the same kind before, in seconds. Default: 30.")
    private int warmUp;

    @Option(names = "--budget", description = "Every tenant is held to a budget that is large enough.")
    private boolean budget;

    @Option(
            names = "--policies",
            paramLabel = "N",
            defaultValue = "0",
            description = "Tenants with a policy of their own, from the first one on. Default: 0.")
    private int policies;

    @Option(
            names = "--prompts",
            paramLabel = "N",
            defaultValue = "0",
            description = "Different prompts of each tenant, asked over and over. Default: 0, no two are alike.")
    private int prompts;

    @Option(names = "--cache", description = "Requests share answers and calls.")
    private boolean cache;

    @Option(names = "--batch", description = "Requests share prompts.")
    private boolean batch;

    @Option(
            names = "--saving",
            description =
                    "All that saves: --cache, --batch, tiers left to the rules, prompts measured against a context.")
    private boolean saving;

    @Option(names = "--separate", description = "Broker and provider in processes of their own.")
    private boolean separate;

    @Option(
            names = "--soak",
            description = {
                "Print memory, threads, descriptors, state and lag every minute.",
                "Answers are remembered for two minutes only; usage, with --budget, for a day, so that state grows."
            })
    private boolean soak;

    @Option(
            names = "--restart",
            description = "Measure SIGKILL to first new result instead, after --requests requests.")
    private boolean restart;

    @Option(names = "-o", paramLabel = "json|table", defaultValue = "table", description = "Form. Default: table.")
    private OutputForm form = OutputForm.TABLE;

    @Override
    public Integer call() throws CommandFailure {
        DevJars.require("bench");
        LogLevels.quieten();
        checkAll();
        BenchSettings settings = new BenchSettings(
                requests,
                rate,
                Duration.ofMillis(providerLatency),
                errors,
                hangs,
                Duration.ofMillis(providerTimeout),
                payloadBytes,
                tenants,
                partitions,
                threads,
                inFlight,
                Duration.ofMillis(commitInterval),
                Duration.ofSeconds(warmUp),
                budget,
                policies,
                prompts,
                new BenchSettings.Saving(cache || saving, batch || saving, saving),
                separate,
                soak);
        try {
            return restart ? restarted(settings) : measured(settings);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("bench: interrupted");
        } catch (Exception failed) {
            throw CommandFailure.failed("bench: " + failed.getMessage());
        }
    }

    private int restarted(BenchSettings settings) throws Exception {
        print(new RestartBench(settings, System.err::println).run());
        return 0;
    }

    private int measured(BenchSettings settings) throws Exception {
        BenchReport report = new Bench(settings, System.err::println).run();
        print(report);
        return report.successPercent() == 100 ? 0 : CommandFailure.FAILED;
    }

    private void checkAll() throws CommandFailure {
        WholeNumber.check("--requests", requests, 1, 2_000_000);
        WholeNumber.check("--rate", rate, 0, 1_000_000);
        WholeNumber.check("--provider-latency", providerLatency, 0, 600_000);
        WholeNumber.check("--errors", errors, 0, 50);
        WholeNumber.check("--hangs", hangs, 0, 50);
        WholeNumber.check("--provider-timeout", providerTimeout, 100, 600_000);
        WholeNumber.check("--payload-bytes", payloadBytes, 0, 400_000);
        WholeNumber.check("--tenants", tenants, 1, 1_000_000);
        WholeNumber.check("--partitions", partitions, 1, 1_000);
        WholeNumber.check("--threads", threads, 1, 256);
        WholeNumber.check("--in-flight", inFlight, 1, 100_000);
        WholeNumber.check("--commit-interval", commitInterval, 1, 1_000);
        WholeNumber.check("--policies", policies, 0, 1_000_000);
        WholeNumber.check("--prompts", prompts, 0, 1_000_000);
        WholeNumber.check("--warm-up", warmUp, 0, 3_600);
    }

    private void print(Object report) {
        JsonMapper mapper = JsonMapper.shared();
        switch (form) {
            case JSON -> System.out.println(mapper.writeValueAsString(report));
            case TABLE ->
                mapper.valueToTree(report)
                        .propertyStream()
                        .forEach(figure -> System.out.printf("%-26s %s%n", figure.getKey(), figure.getValue()));
        }
    }
}
