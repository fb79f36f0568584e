package dev.penstock.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 4096}, {@code 512KiB}, {@code 2MiB}, {@code 1GiB}. */
public final class ByteSizeText {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)?");
    private static final int KIB_SHIFT = 10;
    private static final int MIB_SHIFT = 20;
    private static final int GIB_SHIFT = 30;

    private ByteSizeText() {}

    /** Bytes; empty unless the text is a whole number, with a unit or without. */
    public static Optional<Long> read(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(form.group(1)) << shift(form.group(2) == null ? "B" : form.group(2)));
    }

    /** The shortest exact text, which {@link #read} accepts. */
    public static String write(long bytes) {
        for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
            if (bytes != 0 && bytes % (1L << shift(unit)) == 0) {
                return (bytes >> shift(unit)) + unit;
            }
        }
        return Long.toString(bytes);
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "KiB" -> KIB_SHIFT;
            case "MiB" -> MIB_SHIFT;
            case "GiB" -> GIB_SHIFT;
            default -> 0;
        };
    }
}
