package dev.penstock.fake;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code 500ms}, {@code 2s}, {@code 1.5s}, {@code 3m}; a bare number is milliseconds. */
final class Durations {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)(ms|s|m)?");

    private Durations() {}

    static Duration parse(String name, String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new ScriptException(name, text, "a duration such as 500ms, 2s or 1m");
        }
        double millisPerUnit = "s".equals(form.group(2)) ? 1_000 : "m".equals(form.group(2)) ? 60_000 : 1;
        return Duration.ofMillis(Math.round(Double.parseDouble(form.group(1)) * millisPerUnit));
    }
}
