package dev.penstock.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program of this class path, to be run in a JVM of its own.
 *
 * @param name names its log files
 * @param heap the value of {@code -Xmx}
 * @param environment added to this process's own
 */
record ChildSpec(String name, Class<?> main, String heap, List<String> arguments, Map<String, String> environment) {
    ChildSpec {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** The command line: the running JVM, this class path. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        return command;
    }
}
