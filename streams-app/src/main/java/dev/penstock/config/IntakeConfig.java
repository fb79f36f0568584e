package dev.penstock.config;

import java.util.List;

/**
 * What may come in.
 *
 * @param maxBytes a larger request is a dead letter; below {@link RecordSizes#MAX_RECORD_BYTES}
 * @param tenant what says whose a request is
 */
public record IntakeConfig(int maxBytes, TenantSource tenant) {

    /** What says whose a request is. */
    public enum TenantSource {
        /** Its field, else the record's key, else it is the default's. */
        FIELD_OR_KEY,
        /** The record's key alone, which a gateway sets that knows who asks. */
        KEY
    }

    static final Setting<Long> MAX_BYTES = new Setting<>(
            "intake.max_bytes",
            ValueType.byteSize("1KiB", "1984KiB"),
            "512KiB",
            "Largest request. Stays below the 2MiB that producers and topics allow.");

    static final Setting<TenantSource> TENANT = new Setting<>(
            "intake.tenant",
            ValueType.choice(TenantSource.class),
            "field_or_key",
            "What says whose a request is. key: the record's key alone; without one, or with another in the field, it is a dead letter.");

    static final List<Setting<?>> SETTINGS = List.of(MAX_BYTES, TENANT);

    static IntakeConfig from(Values values) {
        return new IntakeConfig(Math.toIntExact(values.get(MAX_BYTES)), values.get(TENANT));
    }
}
