package dev.penstock.provider;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads how long a provider asks to be left alone, from the three headers in use. Of several wishes the longest counts. */
public final class RetryAfter {

    /** Longer wishes are cut to this: a header must not park work for good. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private static final int LONGEST_TEXT = 64;
    private static final BigDecimal LONGEST_MILLIS = BigDecimal.valueOf(LONGEST.toMillis());
    private static final BigDecimal MILLIS_PER_SECOND = BigDecimal.valueOf(1000);

    private RetryAfter() {}

    /**
     * @param headers the values of a header by its lower-case name, empty if it was not sent
     * @param now what an HTTP date is counted from; a date that has passed asks for nothing, so it gives zero
     */
    public static Optional<Duration> from(Function<String, List<String>> headers, Instant now) {
        Stream<Optional<Duration>> millis = Stream.of("retry-after-ms", "x-ms-retry-after-ms")
                .flatMap(name -> headers.apply(name).stream())
                .map(value -> number(value, BigDecimal.ONE));
        Stream<Optional<Duration>> plain = headers.apply("retry-after").stream()
                .map(value -> number(value, MILLIS_PER_SECOND).or(() -> date(value, now)));
        return Stream.concat(millis, plain).flatMap(Optional::stream).max(Duration::compareTo);
    }

    private static Optional<Duration> number(String text, BigDecimal millisPerUnit) {
        String digits = text.strip();
        if (!digits.matches("[0-9]{1,18}(\\.[0-9]{1,9})?")) {
            return Optional.empty();
        }
        BigDecimal millis = new BigDecimal(digits).multiply(millisPerUnit).min(LONGEST_MILLIS);
        return Optional.of(Duration.ofMillis(millis.longValue()));
    }

    private static Optional<Duration> date(String text, Instant now) {
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        try {
            DateTimeFormatter format = DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);
            Duration wait = Duration.between(now, ZonedDateTime.parse(text.strip(), format));
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
