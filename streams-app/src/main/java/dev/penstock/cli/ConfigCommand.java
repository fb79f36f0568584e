package dev.penstock.cli;

import dev.penstock.config.ExplainedConfig;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code config check|show}. */
@Command(
        name = "config",
        description = "Reads the configuration.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(check|show)")
final class ConfigCommand {

    @Spec
    private @Nullable CommandSpec spec;

    @Command(
            name = "check",
            description = "Names every mistake, one line each; exit code 2 then.",
            mixinStandardHelpOptions = true)
    int check(@Mixin ConfigOptions options) throws CommandFailure {
        options.explained();
        out().println("configuration ok");
        return 0;
    }

    @Command(
            name = "show",
            description = "Prints every value in effect and where it comes from, as a file that can be loaded again.",
            mixinStandardHelpOptions = true)
    int show(@Mixin ConfigOptions options) throws CommandFailure {
        for (ExplainedConfig.Line line : options.explained().lines()) {
            String comment = line.value().isEmpty() ? "# " : "";
            out().println(comment + line.key() + ": " + yaml(line.value()) + "  # " + line.place());
        }
        return 0;
    }

    private static String yaml(String value) {
        boolean reference = value.startsWith("{env: ") || value.startsWith("{file: ");
        boolean plain = value.matches("[A-Za-z0-9./_-][A-Za-z0-9.:/,_-]*");
        return reference || plain || value.isEmpty() ? value : "'" + value.replace("'", "''") + "'";
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
