package dev.penstock.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every command, in the order of the help. A new one is a constant here and a line in {@link RootHelp}. */
enum CommandName {
    DEMO,
    DEV,
    RUN,
    LEAVE,
    TOPICS,
    SEND,
    RESULTS,
    DEAD_LETTERS,
    IMPORT,
    EXPORT,
    BATCH,
    TRACE,
    ALERTS,
    TENANTS,
    BUDGETS,
    CONFIG,
    FAKE_PROVIDER,
    BENCH;

    static Optional<CommandName> of(String word) {
        return Arrays.stream(values()).filter(name -> name.word().equals(word)).findFirst();
    }

    /** As it is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The annotated object that picocli runs. */
    Object command() {
        return switch (this) {
            case DEMO -> new DemoCommand();
            case DEV -> new DevCommand();
            case RUN -> new RunCommand();
            case LEAVE -> new LeaveCommand();
            case TOPICS -> new TopicsCommand();
            case SEND -> new SendCommand();
            case RESULTS -> new ResultsCommand();
            case DEAD_LETTERS -> new DeadLettersCommand();
            case IMPORT -> new ImportCommand();
            case EXPORT -> new ExportCommand();
            case BATCH -> new BatchCommand();
            case TRACE -> new TraceCommand();
            case ALERTS -> new AlertsCommand();
            case TENANTS -> new TenantsCommand();
            case BUDGETS -> new BudgetsCommand();
            case CONFIG -> new ConfigCommand();
            case FAKE_PROVIDER -> new FakeProviderCommand();
            case BENCH -> new BenchCommand();
        };
    }
}
