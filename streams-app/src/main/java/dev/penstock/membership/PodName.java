package dev.penstock.membership;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a pod that a StatefulSet made.
 *
 * @param statefulSet the name before the last hyphen
 * @param ordinal the number behind it
 */
public record PodName(String statefulSet, int ordinal) {

    private static final Pattern NAME = Pattern.compile("([a-z0-9](?:[a-z0-9.-]{0,240}[a-z0-9])?)-([0-9]{1,9})");

    /** Empty if no StatefulSet gives such names. */
    public static Optional<PodName> read(String text) {
        Matcher name = NAME.matcher(text);
        return name.matches()
                ? Optional.of(new PodName(name.group(1), Integer.parseInt(name.group(2))))
                : Optional.empty();
    }
}
