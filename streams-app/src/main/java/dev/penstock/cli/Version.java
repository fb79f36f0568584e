package dev.penstock.cli;

import java.util.Objects;

/** The version that the jar was built as. */
final class Version {

    private Version() {}

    static String text() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "dev");
    }
}
