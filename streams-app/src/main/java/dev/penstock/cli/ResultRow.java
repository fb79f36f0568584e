package dev.penstock.cli;

import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.PenstockSection;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.WireCodec;

/** A result as a row of a table. */
final class ResultRow {

    private static final WireCodec CODEC = new WireCodec();
    private static final int CUSTOM_ID = 28;
    private static final int TENANT = 18;
    private static final int SOURCE = 10;
    private static final int STATUS = 6;
    private static final int MODEL = 24;

    static final String HEADER = row("CUSTOM_ID", "TENANT", "SOURCE", "STATUS", "MODEL", "TOTAL_MS");

    private ResultRow() {}

    static String of(byte[] value) {
        try {
            Result result = CODEC.readResult(value);
            PenstockSection section = result.penstock();
            return row(
                    result.customId(),
                    section.tenant(),
                    section.source().wireName(),
                    Integer.toString(result.response().statusCode()),
                    section.model(),
                    Long.toString(section.timings().totalMillis()));
        } catch (MalformedRecordException foreign) {
            return row("?", "?", "?", "?", "?", "not a result");
        }
    }

    private static String row(String customId, String tenant, String source, String status, String model, String last) {
        return String.join(
                " ",
                Cell.padded(customId, CUSTOM_ID),
                Cell.padded(tenant, TENANT),
                Cell.padded(source, SOURCE),
                Cell.padded(status, STATUS),
                Cell.padded(model, MODEL),
                last);
    }
}
