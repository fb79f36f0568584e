package dev.penstock.cli;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file that was imported. It says when and how many lines, so that everything else is found on the topics.
 *
 * @param created to the second
 * @param lines requests in the file
 * @param random tells apart what was imported in the same second; lower-case hex
 */
record BatchId(Instant created, long lines, String random) {

    /** The member of a request's metadata that holds it; results echo the metadata, and dead letters are the request. */
    static final String MEMBER = "penstock_batch_id";

    private static final Pattern FORM = Pattern.compile("batch_(\\d{8}T\\d{6}Z)_(\\d{1,12})_([0-9a-f]{8})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int RANDOM_BYTES = 4;
    private static final int MAX_SHOWN = 60;

    static BatchId of(Instant now, long lines) {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return new BatchId(
                now.truncatedTo(ChronoUnit.SECONDS), lines, HexFormat.of().formatHex(random));
    }

    static BatchId read(String text) throws CommandFailure {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
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
        return "batch_" + TIME.format(created) + "_" + lines + "_" + random;
    }
}
