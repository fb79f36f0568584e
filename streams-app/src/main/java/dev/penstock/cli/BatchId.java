package dev.penstock.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file that was imported. It says when and how many lines, so that everything else is found on the topics, and whose signature tells
 * its lines from everybody else's. It is no secret: who knows it can read the proof of a line and make none.
 *
 * @param created to the second
 * @param lines requests in the file
 * @param key the public key of the import, as {@link BatchProof} reads it; no two imports have the same
 */
record BatchId(Instant created, long lines, String key) {

    /** The member of a request's metadata that holds it; results echo the metadata, and dead letters are the request. */
    static final String MEMBER = "penstock_batch_id";

    private static final Pattern FORM = Pattern.compile("batch_(\\d{8}T\\d{6}Z)_(\\d{1,12})_([A-Za-z0-9_-]{43})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int MAX_SHOWN = 100;

    static BatchId of(Instant now, long lines, String key) {
        return new BatchId(now.truncatedTo(ChronoUnit.SECONDS), lines, key);
    }

    static BatchId read(String text) throws CommandFailure {
        Matcher form = FORM.matcher(text);
        if (form.matches() && BatchProof.isKey(form.group(3))) {
            try {
                return new BatchId(
                        TIME.parse(form.group(1), Instant::from), Long.parseLong(form.group(2)), form.group(3));
            } catch (DateTimeParseException noTime) {
                // Falls through to the one message.
            }
        }
        throw CommandFailure.usage(
                "batch: " + Cell.escaped(text, MAX_SHOWN) + " (expected: an id that penstock import printed)");
    }

    @Override
    public String toString() {
        return "batch_" + TIME.format(created) + "_" + lines + "_" + key;
    }
}
