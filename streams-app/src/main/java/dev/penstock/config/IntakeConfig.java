package dev.penstock.config;

import java.util.List;

/**
 * What may come in.
 *
 * @param maxBytes a larger request is a dead letter; below {@link RecordSizes#MAX_RECORD_BYTES}
 */
public record IntakeConfig(int maxBytes) {

    static final Setting<Long> MAX_BYTES = new Setting<>(
            "intake.max_bytes",
            ValueType.byteSize("1KiB", "1984KiB"),
            "512KiB",
            "Largest request. Stays below the 2MiB that producers and topics allow.");

    static final List<Setting<?>> SETTINGS = List.of(MAX_BYTES);

    static IntakeConfig from(Values values) {
        return new IntakeConfig(Math.toIntExact(values.get(MAX_BYTES)));
    }
}
