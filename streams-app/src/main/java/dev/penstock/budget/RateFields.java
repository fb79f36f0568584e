package dev.penstock.budget;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rates of a model while its source is being read, before it is known whether they are complete. */
final class RateFields {

    /** What a rate is for, under its name in our files. */
    enum Field {
        INPUT,
        CACHED_INPUT,
        CACHE_WRITE,
        OUTPUT,
        REASONING;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Field> named(String text) {
            for (Field field : values()) {
                if (field.text().equals(text)) {
                    return Optional.of(field);
                }
            }
            return Optional.empty();
        }
    }

    private final Map<Field, BigDecimal> given = new EnumMap<>(Field.class);

    void put(Field field, BigDecimal usd) {
        given.put(field, usd);
    }

    boolean isEmpty() {
        return given.isEmpty();
    }

    /**
     * The rates, when at least input and output are given. A cached token without a rate of its own costs what a fresh one
     * does, and reasoning what other output does.
     */
    Optional<Rates> complete() {
        return complete(null);
    }

    /** The same, where another set of rates stands in for what is absent. */
    Optional<Rates> complete(@Nullable Rates fallback) {
        BigDecimal input = or(Field.INPUT, fallback == null ? null : fallback.input());
        BigDecimal output = or(Field.OUTPUT, fallback == null ? null : fallback.output());
        if (input == null || output == null) {
            return Optional.empty();
        }
        return Optional.of(new Rates(
                input,
                orElse(Field.CACHED_INPUT, input),
                orElse(Field.CACHE_WRITE, input),
                output,
                orElse(Field.REASONING, output)));
    }

    private @Nullable BigDecimal or(Field field, @Nullable BigDecimal fallback) {
        BigDecimal usd = given.get(field);
        return usd == null ? fallback : usd;
    }

    private BigDecimal orElse(Field field, BigDecimal fallback) {
        BigDecimal usd = given.get(field);
        return usd == null ? fallback : usd;
    }
}
