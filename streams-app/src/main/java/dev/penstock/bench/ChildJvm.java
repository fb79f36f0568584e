package dev.penstock.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a process that runs a class of this program on the class path of this one. */
final class ChildJvm {

    private ChildJvm() {}

    static List<String> command(String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(arguments);
        return command;
    }
}
