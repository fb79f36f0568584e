package dev.penstock.config;

import dev.penstock.schemas.BudgetWindow;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How the text of a setting becomes a value.
 *
 * @param expected what a right text looks like, for error messages
 * @param reader empty for a wrong text
 */
public record ValueType<T>(String expected, Function<String, Optional<T>> reader) {

    private static final BigDecimal MOST_USD = new BigDecimal("1000000000000");

    Optional<T> read(String text) {
        return reader.apply(text);
    }

    static ValueType<Integer> wholeNumber(int least, int most) {
        return new ValueType<>("a whole number, " + least + ".." + most, text -> integer(text, least, most));
    }

    static ValueType<Long> wholeNumber(long least, long most) {
        return new ValueType<>("a whole number, " + least + ".." + most, text -> whole(text, least, most));
    }

    static ValueType<Duration> duration(String least, String most) {
        Duration min = DurationText.read(least).orElseThrow();
        Duration max = DurationText.read(most).orElseThrow();
        return new ValueType<>(
                "a duration, " + least + ".." + most,
                text -> DurationText.read(text).filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0));
    }

    static ValueType<Duration> wholeSeconds(String least, String most) {
        ValueType<Duration> any = duration(least, most);
        return new ValueType<>(
                any.expected + " in whole seconds", text -> any.read(text).filter(d -> d.toMillis() % 1_000 == 0));
    }

    static ValueType<Long> byteSize(String least, String most) {
        long min = ByteSizeText.read(least).orElseThrow();
        long max = ByteSizeText.read(most).orElseThrow();
        return new ValueType<>(
                "a size, " + least + ".." + most,
                text -> ByteSizeText.read(text).filter(n -> n >= min && n <= max));
    }

    static ValueType<String> text(String expected, String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return new ValueType<>(
                expected, text -> compiled.matcher(text).matches() ? Optional.of(text) : Optional.empty());
    }

    static ValueType<Boolean> flag() {
        return new ValueType<>("true or false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        List<E> values = Arrays.asList(type.getEnumConstants());
        List<String> names = values.stream()
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        return new ValueType<>(
                String.join(" or ", names),
                text -> Optional.of(names.indexOf(text)).filter(i -> i >= 0).map(values::get));
    }

    /** As a list in YAML, or with commas between. */
    static ValueType<List<String>> names(String expected) {
        return new ValueType<>(expected, text -> {
            List<String> names =
                    Arrays.stream(text.split(",", -1)).map(String::strip).toList();
            return names.contains("") ? Optional.empty() : Optional.of(names);
        });
    }

    static ValueType<URI> httpUri() {
        return new ValueType<>("http:// or https:// and a host, no user or query", ValueType::httpUri);
    }

    static ValueType<Path> path() {
        return new ValueType<>("a path", ValueType::path);
    }

    /** US dollars, exact. */
    static ValueType<BigDecimal> usd() {
        return new ValueType<>("US dollars, 0..1000000000000 with at most 12 decimals", ValueType::usd);
    }

    static ValueType<ZoneId> timeZone() {
        return new ValueType<>("a time zone such as UTC or Europe/Berlin", ValueType::timeZone);
    }

    static ValueType<BudgetWindow> budgetWindow() {
        return new ValueType<>(BudgetWindow.RULE, BudgetWindow::parse);
    }

    private static Optional<BigDecimal> usd(String text) {
        return text.matches("[0-9]{1,13}([.][0-9]{1,12})?")
                ? Optional.of(new BigDecimal(text)).filter(value -> value.compareTo(MOST_USD) <= 0)
                : Optional.empty();
    }

    private static Optional<ZoneId> timeZone(String text) {
        try {
            return Optional.of(text.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(text));
        } catch (DateTimeException noZone) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> integer(String text, int least, int most) {
        return whole(text, least, most).map(Math::toIntExact);
    }

    private static Optional<Long> whole(String text, long least, long most) {
        try {
            long value = Long.parseLong(text);
            return value >= least && value <= most ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Optional<URI> httpUri(String text) {
        try {
            URI uri = URI.create(text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
            return http && bare && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException notAUri) {
            return Optional.empty();
        }
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }
}
