package dev.penstock.cli;

import java.util.Optional;

/** Finds the tenant that a line names, to key the record by. A line that cannot be read has none: the pipeline says why. */
final class TenantOfLine {

    private TenantOfLine() {}

    static Optional<String> read(byte[] line) {
        return LineField.text(line, "tenant");
    }
}
